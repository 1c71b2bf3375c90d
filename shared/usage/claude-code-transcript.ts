import { normalisedSubject } from "../directory/subject.ts";
import { schemaFault } from "../wire/schema-fault.ts";
import {
  type TranscriptCall,
  type TranscriptPlace,
  usageOfCall,
} from "./claude-code-transcript-calls.ts";
import { AssistantLine, LineType, saysNothingOfUsage } from "./claude-code-transcript-line.ts";
import { readCommitLine } from "./claude-code-transcript-links.ts";
import { openResponses } from "./claude-code-transcript-responses.ts";
import { parseDropJson } from "./drop-json.ts";
import { givenFields } from "./given-fields.ts";
import { heldBackIfInFuture, type Reading, readingOf } from "./reading.ts";
import type {
  DropSelection,
  UsageDropFormat,
  UsageFileContext,
  UsageLineReader,
} from "./usage-drop.ts";

/** The model that Claude Code names where it wrote a message itself. */
const NO_MODEL = "<synthetic>";

/** A response that does not say how it ended is complete when it is older than any request lasts. */
const LONGEST_REQUEST_MS = 10 * 60_000;

/**
 * Claude Code's transcripts: `projects/<directory>/<session>.jsonl`, and those of sub-agents in
 * `projects/<directory>/<session>/subagents/agent-<id>.jsonl`. The vendor calls the form internal, so
 * what is not known is skipped and counted by name.
 *
 * A response stands in a line for each of its content blocks, each with the usage of the whole;
 * forks and some sub-agents begin with a replay of what came before. Each response counts once.
 */
export const CLAUDE_CODE_TRANSCRIPTS: UsageDropFormat = { select, reader: transcriptReader };

/** A person's folder may stand in front: `user-017@example.com/projects/…`. */
function select(path: readonly string[]): DropSelection {
  if (path.at(-1)?.endsWith(".jsonl") !== true || path.includes("tool-results")) {
    return { kind: "skipped", name: "not-a-transcript" };
  }
  const person = path[0]?.includes("@") ? normalisedSubject(path[0]) : undefined;
  return { kind: "read", ...givenFields({ subject: person }) };
}

function transcriptReader(context: UsageFileContext): UsageLineReader {
  const { nowMs, hash } = context;
  const place = placeOf(context);
  const responses = openResponses();

  const settled = (call: TranscriptCall): Reading =>
    isUnfinished(call, nowMs)
      ? { kind: "ignored", name: "unfinished-response" }
      : heldBackIfInFuture(
          readingOf(() => ({ kind: "accepted", event: usageOfCall(call, place, hash) })),
          nowMs,
        );

  const readLine = (line: string): readonly Reading[] => {
    if (saysNothingOfUsage(line)) {
      return [{ kind: "ignored", name: "other-line" }];
    }
    const parsed = parseDropJson(line);
    if (parsed.kind === "malformed") {
      return [{ kind: "rejected", path: "", message: parsed.message }];
    }
    if (LineType.safeParse(parsed.value).data?.type !== "assistant") {
      return [heldBackIfInFuture(readCommitLine(parsed.value, place), nowMs)];
    }
    const read = readResponseLine(parsed.value);
    return "kind" in read ? [read] : responses.add(read).map(settled);
  };

  return { read: readLine, end: () => responses.takeAll().map(settled) };
}

function readResponseLine(value: unknown): AssistantLine | Reading {
  const parsed = AssistantLine.safeParse(value);
  if (!parsed.success) {
    return { kind: "rejected", ...schemaFault(parsed.error) };
  }
  if (parsed.data.message.model === NO_MODEL) {
    return { kind: "ignored", name: "synthetic-message" };
  }
  return parsed.data.isApiErrorMessage === true
    ? { kind: "ignored", name: "api-error-message" }
    : parsed.data;
}

/** May still be written to: what it says so far is less than the whole, and the first word stands. */
function isUnfinished({ firstMs, line }: TranscriptCall, nowMs: number): boolean {
  return line.message.stop_reason === undefined && nowMs - firstMs < LONGEST_REQUEST_MS;
}

/** Session and sub-agent as the file's path names them. */
function placeOf({ path, subject }: UsageFileContext): TranscriptPlace {
  const name = path.at(-1)?.replace(/\.jsonl$/, "") ?? "";
  const agent = /^agent-(.+)$/.exec(name)?.[1];
  const parent = path.lastIndexOf("subagents");
  const session = parent > 0 ? path[parent - 1] : agent === undefined ? name : undefined;
  return { session: session ?? "-", ...givenFields({ agent, subject }) };
}
