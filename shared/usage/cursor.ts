import type { OtlpLogRecord } from "../otlp/export-request.ts";
import { CURSOR_TOOL, cursorModel, cursorSubject, isUnbilled } from "./cursor-identity.ts";
import { readCursorPoint } from "./cursor-metrics.ts";
import { callIdentity, MAX_CALL_TOKENS, MAX_LENGTH } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import { otlpEventName, otlpEventTimeMs } from "./otlp-event.ts";
import { type OtlpFields, otlpFields } from "./otlp-fields.ts";
import { workLabels } from "./otlp-labels.ts";
import { ignoredSpan, type OtlpSender } from "./otlp-sender.ts";
import { type Reading, readingOf } from "./reading.ts";
import { NO_TOKENS, type SentUsage, type TokenBuckets } from "./usage-event.ts";

const TOKENS = "cursor.api.request.";

/** Kinds of events that may be counted by their name: a body can also be a message. */
const KNOWN_EVENT =
  /^(?:api_(?:request|error|correction[a-z_]*)|skill_activated|hook_execution_complete|plugin_installed|cloud_agent_[a-z_]+)$/;

/**
 * Cursor's OpenTelemetry export (cursor.com/docs/enterprise/opentelemetry-export).
 *
 * Logs are the authority: they are sent until they arrive, with an id each and the conversation.
 * Metrics are sent at most once, for nobody's conversation: a fallback.
 */
export const CURSOR: OtlpSender = {
  tool: CURSOR_TOOL,
  sent: ({ scopeName, serviceName }) =>
    scopeName === "cursor.telemetry" || serviceName === CURSOR_TOOL,
  readLogRecord: readCursorEvent,
  readMetricPoint: readCursorPoint,
  readSpan: ignoredSpan,
};

/**
 * `cursor.api.request`, whose body is `api_request`, is one model call. All else is ignored.
 *
 * A correction, which says that a request is not billed after all, cannot be applied: it names
 * neither the request's time nor its day, and the ledger books a statement under its day.
 */
function readCursorEvent(record: OtlpLogRecord): Reading {
  const name = (otlpEventName(record) || record.bodyName)
    .replace(/^cursor\./, "")
    .replaceAll(".", "_");
  return name === "api_request"
    ? readingOf(() => ({ kind: "accepted", event: modelCall(record) }))
    : { kind: "ignored", name: KNOWN_EVENT.test(name) ? name : "other" };
}

function modelCall(record: OtlpLogRecord): SentUsage {
  const fields = otlpFields(record);
  return {
    id: callIdentity(CURSOR_TOOL, fields.text("cursor.event.id", MAX_LENGTH.id)),
    grain: "request",
    timeMs: otlpEventTimeMs(record),
    session: fields.textIfGiven("cursor.conversation.id", MAX_LENGTH.session) ?? "-",
    tool: CURSOR_TOOL,
    provider: CURSOR_TOOL,
    model: cursorModel(fields),
    tokens: tokensOf(fields),
    ...givenFields({
      subject: cursorSubject(fields),
      // What costs nothing is known, unlike what has no price.
      reportedCostNanoUsd: isUnbilled(record) ? 0n : undefined,
      ...workLabels(fields),
    }),
  };
}

/** Four counters that do not overlap, and are always there. */
function tokensOf(fields: OtlpFields): TokenBuckets {
  const count = (name: string) => fields.requiredCount(`${TOKENS}${name}_tokens`, MAX_CALL_TOKENS);
  return {
    ...NO_TOKENS,
    uncachedInput: count("input"),
    output: count("output"),
    cacheRead: count("cache_read"),
    cacheWrite5m: count("cache_creation"),
  };
}
