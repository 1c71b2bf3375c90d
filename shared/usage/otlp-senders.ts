import type { Origin } from "../otlp/export-request.ts";
import { CLAUDE_CODE } from "./claude-code.ts";
import { CODEX } from "./codex.ts";
import { CURSOR } from "./cursor.ts";
import { GEMINI_CLI } from "./gemini-cli.ts";
import { GEN_AI } from "./gen-ai.ts";
import { KIRO } from "./kiro.ts";
import type { OtlpReader, OtlpSender } from "./otlp-sender.ts";

/** Every tool whose own OTLP records are understood. A new one is one file, and one line here. */
const OTLP_SENDERS: readonly OtlpSender[] = [CLAUDE_CODE, CODEX, GEMINI_CLI, CURSOR, KIRO];

/** Who understands the records of this origin. Whoever is no tool that we know may follow the conventions of all. */
export function otlpReaderOf(origin: Origin): OtlpReader {
  return OTLP_SENDERS.find(({ sent }) => sent(origin)) ?? GEN_AI;
}
