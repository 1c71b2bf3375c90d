import { CLAUDE_CODE } from "./claude-code.ts";
import type { OtlpSender } from "./otlp-sender.ts";

/** Every tool whose OTLP records are understood. A new one is one file, and one line here. */
export const OTLP_SENDERS: readonly OtlpSender[] = [CLAUDE_CODE];
