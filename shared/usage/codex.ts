import type { OtlpLogRecord } from "../otlp/export-request.ts";
import { identityByContent, MAX_CALL_TOKENS, MAX_LENGTH, normalisedModel } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import { disjointTokens } from "./inclusive-usage.ts";
import { otlpEventName, otlpEventTimeMs } from "./otlp-event.ts";
import { type OtlpFields, otlpFields } from "./otlp-fields.ts";
import { otlpSubject, workLabels } from "./otlp-labels.ts";
import { ignoredMetric, ignoredSpan, type OtlpSender } from "./otlp-sender.ts";
import { type Reading, readingOf } from "./reading.ts";
import type { SentUsage, TokenBuckets } from "./usage-event.ts";

const TOOL = "codex";
const SCOPE = /^codex_otel(?:$|[.:])/;
const SERVICES: ReadonlySet<string> = new Set([
  "codex",
  "codex-cli",
  "codex_cli_rs",
  "codex_exec",
  "codex_tui",
]);
const SUBJECT_ATTRIBUTES = ["user.email", "enduser.id", "user.account_id"] as const;

const COUNTS = ["input_token_count", "output_token_count"] as const;

/** Codex says who served a call only once a session, in another record. */
const PROVIDER = "openai";

/**
 * OpenAI's Codex (its `otel` crate, and a capture of 0.169.0), known by its scope; the service name
 * differs by the program that runs.
 */
export const CODEX: OtlpSender = {
  tool: TOOL,
  sent: ({ scopeName, serviceName }) => SCOPE.test(scopeName) || SERVICES.has(serviceName),
  readLogRecord: readCodexEvent,
  readMetricPoint: ignoredMetric,
  readSpan: ignoredSpan,
};

/**
 * A model call ends in two records that differ in nothing but the counts: `codex.sse_event` with
 * `event.kind` `response.completed`. The one without counts is ignored, as is every other event.
 */
function readCodexEvent(record: OtlpLogRecord): Reading {
  const name = otlpEventName(record);
  const { attributes } = record;
  const isCompletion =
    name === "codex.sse_event" && attributes.get("event.kind") === "response.completed";
  const hasCounts = COUNTS.some((count) => (attributes.get(count) ?? null) !== null);
  return isCompletion && hasCounts
    ? readingOf(() => ({ kind: "accepted", event: modelCall(record) }))
    : { kind: "ignored", name };
}

function modelCall(record: OtlpLogRecord): SentUsage {
  const fields = otlpFields(record);
  const session = fields.textIfGiven("conversation.id", MAX_LENGTH.session) ?? "-";
  const timeMs = otlpEventTimeMs(record);
  const model = normalisedModel(fields.text("model", MAX_LENGTH.name));
  const tokens = tokensOf(fields);
  return {
    id: identityByContent([TOOL, session, timeMs, model], tokens),
    grain: "request",
    timeMs,
    session,
    tool: TOOL,
    provider: PROVIDER,
    model,
    tokens,
    ...givenFields({
      subject: otlpSubject(fields, TOOL, SUBJECT_ATTRIBUTES),
      ...workLabels(fields),
    }),
  };
}

/** Input includes what the cache held, output includes reasoning. `tool_token_count` is the total, whatever it is called. */
function tokensOf(fields: OtlpFields): TokenBuckets {
  const required = (name: string) => ({
    count: fields.requiredCount(name, MAX_CALL_TOKENS),
    path: fields.pathOf(name),
  });
  const optional = (name: string) => fields.count(name, MAX_CALL_TOKENS) ?? 0;
  return disjointTokens({
    input: required("input_token_count"),
    output: required("output_token_count"),
    cacheRead: optional("cached_token_count"),
    cacheWrite: optional("cache_write_token_count"),
    reasoning: optional("reasoning_token_count"),
  });
}
