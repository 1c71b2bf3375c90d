import { withPseudonym } from "../../functions/ingest-outcomes/record-outcomes.ts";
import { encodeOutcome } from "../../shared/outcomes/outcome-codec.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import { parseOutcomeRecords } from "../../shared/outcomes/outcome-wire.ts";
import { jsonLines } from "./json-lines.ts";
import type { LineCounts, RejectedLine } from "./line-tally.ts";
import type { ReadingContext } from "./read-usage.ts";

export type ReadOutcomes = {
  readonly counts: LineCounts;
  readonly rejected: readonly RejectedLine[];
  /** In order of time and id. */
  readonly outcomes: readonly OutcomeEvent[];
};

/**
 * Reads outcomes as `/v1/outcomes` takes them, one a line. As in the ledger, an outcome is one of an id
 * and a time; of two with different content, the first line stands.
 */
export async function readOutcomes(
  chunks: AsyncIterable<Uint8Array>,
  { file, nowMs, onProgress }: ReadingContext,
): Promise<ReadOutcomes> {
  const byPlace = new Map<string, OutcomeEvent>();
  const rejected: RejectedLine[] = [];
  let received = 0;
  let duplicate = 0;
  for await (const { line, record } of jsonLines(chunks, onProgress)) {
    received += 1;
    const batch = parseOutcomeRecords([record], nowMs);
    const [sent] = batch.accepted;
    if (sent === undefined) {
      rejected.push({ file, line, ...faultOf(batch) });
      continue;
    }
    const outcome = withPseudonym(sent, (subject) => subject);
    const place = `${outcome.timeMs} ${outcome.id}`;
    const known = byPlace.get(place);
    if (known === undefined) {
      byPlace.set(place, outcome);
    } else if (encodeOutcome(known) === encodeOutcome(outcome)) {
      duplicate += 1;
    } else {
      rejected.push({ file, line, path: "id", message: CONFLICT });
    }
  }
  return {
    counts: { received, used: byPlace.size, duplicate, rejected: rejected.length },
    rejected,
    outcomes: [...byPlace.values()].sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1)),
  };
}

const CONFLICT = "another line has this id and time, with other content; the first one stands";

function faultOf({
  rejected,
  quarantined,
}: ReturnType<typeof parseOutcomeRecords>): Pick<RejectedLine, "path" | "message"> {
  const [fault] = rejected;
  return fault === undefined
    ? { path: "time", message: quarantined[0]?.detail ?? "is no outcome" }
    : { path: fault.path, message: fault.message };
}
