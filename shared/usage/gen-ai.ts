import type { OtlpLogRecord } from "../otlp/export-request.ts";
import { GEN_AI_TOOL, genAiCall, hasGenAiUsage } from "./gen-ai-call.ts";
import { readGenAiPoint } from "./gen-ai-metrics.ts";
import { readGenAiSpan } from "./gen-ai-spans.ts";
import { otlpEventName, otlpEventTimeMs } from "./otlp-event.ts";
import type { OtlpReader } from "./otlp-sender.ts";
import { type Reading, readingOf } from "./reading.ts";

const EVENT = "gen_ai.client.inference.operation.details";

/**
 * Whoever is no other sender, and follows OpenTelemetry's conventions for generative AI
 * (open-telemetry/semantic-conventions-genai, status Development).
 */
export const GEN_AI: OtlpReader = {
  tool: GEN_AI_TOOL,
  readLogRecord: readGenAiEvent,
  readMetricPoint: readGenAiPoint,
  readSpan: readGenAiSpan,
};

/** Names that a sender makes up are not repeated: who it is, we do not know. */
const UNKNOWN: Reading = { kind: "ignored", name: "unknown-sender" };

/** An event is one model call if it says how many tokens: some senders send one for the request too. */
function readGenAiEvent(record: OtlpLogRecord): Reading {
  if (otlpEventName(record) !== EVENT) {
    return UNKNOWN;
  }
  return hasGenAiUsage(record)
    ? readingOf(() => ({ kind: "accepted", event: modelCall(record) }))
    : { kind: "ignored", name: EVENT };
}

function modelCall(record: OtlpLogRecord) {
  return genAiCall(record, { ms: otlpEventTimeMs(record), unixNano: record.timeUnixNano });
}
