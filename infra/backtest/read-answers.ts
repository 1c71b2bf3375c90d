import * as z from "zod";
import { type AlertAnswer, ANSWERS, LONGEST_ANSWERER } from "../../shared/alerts/alert-answer.ts";
import { schemaFault } from "../../shared/wire/schema-fault.ts";
import { jsonLines } from "./json-lines.ts";
import type { LineCounts, RejectedLine } from "./line-tally.ts";
import type { ReadingContext } from "./read-usage.ts";

/** An owner's answer, to an alert that the replay may come to make too. */
export type GivenAnswer = { readonly alertId: string } & AlertAnswer;

export type ReadAnswers = {
  readonly counts: LineCounts;
  readonly rejected: readonly RejectedLine[];
  /** In order of time. */
  readonly answers: readonly GivenAnswer[];
};

const AnswerLine = z.strictObject({
  alert: z.string().min(1),
  answer: z.enum(ANSWERS),
  by: z.string().min(1).max(LONGEST_ANSWERER).default("owner"),
  /** Without one, it was answered as soon as it was alerted. */
  time: z.exactOptional(z.iso.datetime()),
});

/** Reads what owners answered, one answer a line. */
export async function readAnswers(
  chunks: AsyncIterable<Uint8Array>,
  { file, onProgress }: ReadingContext,
): Promise<ReadAnswers> {
  const byContent = new Map<string, GivenAnswer>();
  const rejected: RejectedLine[] = [];
  let received = 0;
  for await (const { line, record } of jsonLines(chunks, onProgress)) {
    received += 1;
    if (record.kind === "malformed") {
      rejected.push({ file, line, path: "", message: record.message });
      continue;
    }
    const parsed = AnswerLine.safeParse(record.value);
    if (parsed.success) {
      const given = answerOf(parsed.data);
      byContent.set(JSON.stringify(given), given);
    } else {
      rejected.push({ file, line, ...schemaFault(parsed.error) });
    }
  }
  return {
    counts: {
      received,
      used: byContent.size,
      duplicate: received - byContent.size - rejected.length,
      rejected: rejected.length,
    },
    rejected,
    answers: [...byContent.values()].sort((a, b) => a.atMs - b.atMs),
  };
}

function answerOf({ alert, answer, by, time }: z.infer<typeof AnswerLine>): GivenAnswer {
  return { alertId: alert, answer, by, atMs: time === undefined ? 0 : Date.parse(time) };
}
