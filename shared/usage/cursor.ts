import type { OtlpLogRecord } from "../otlp/export-request.ts";
import { callIdentity, MAX_CALL_TOKENS, MAX_LENGTH, normalisedModel } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import { otlpEventName, otlpEventTimeMs } from "./otlp-event.ts";
import { type OtlpFields, otlpFields } from "./otlp-fields.ts";
import { otlpSubject, workLabels } from "./otlp-labels.ts";
import { ignoredMetric, ignoredSpan, type OtlpSender } from "./otlp-sender.ts";
import { type Reading, readingOf } from "./reading.ts";
import { NO_TOKENS, type SentUsage, type TokenBuckets } from "./usage-event.ts";

const TOOL = "cursor";
const SUBJECT_ATTRIBUTES = ["user.email", "enduser.id", "cursor.user.id"] as const;
const TOKENS = "cursor.api.request.";

/** Kinds of events that may be counted by their name: a body can also be a message. */
const KNOWN_EVENT =
  /^(?:api_(?:request|error|correction[a-z_]*)|skill_activated|hook_execution_complete|plugin_installed|cloud_agent_[a-z_]+)$/;

/**
 * Cursor's OpenTelemetry export (cursor.com/docs/enterprise/opentelemetry-export).
 *
 * Logs are the authority: they are sent until they arrive, with an id each and the conversation.
 * Metrics are sent at most once, for nobody's conversation.
 */
export const CURSOR: OtlpSender = {
  tool: TOOL,
  sent: ({ scopeName, serviceName }) => scopeName === "cursor.telemetry" || serviceName === TOOL,
  readLogRecord: readCursorEvent,
  readMetricPoint: ignoredMetric,
  readSpan: ignoredSpan,
};

/** `cursor.api.request`, whose body is `api_request`, is one model call. All else is ignored. */
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
  const model = fields.textIfGiven("cursor.model.name", MAX_LENGTH.name);
  return {
    id: callIdentity(TOOL, fields.text("cursor.event.id", MAX_LENGTH.id)),
    grain: "request",
    timeMs: otlpEventTimeMs(record),
    session: fields.textIfGiven("cursor.conversation.id", MAX_LENGTH.session) ?? "-",
    tool: TOOL,
    provider: TOOL,
    model: model === undefined ? "-" : normalisedModel(model),
    tokens: tokensOf(fields),
    ...givenFields({
      subject: otlpSubject(fields, TOOL, SUBJECT_ATTRIBUTES),
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
