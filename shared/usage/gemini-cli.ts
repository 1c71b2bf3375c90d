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

const TOOL = "gemini-cli";
const SUBJECT_ATTRIBUTES = ["user.email", "enduser.id", "installation.id"] as const;

/** Google's Gemini CLI (its `docs/cli/telemetry.md`, and a capture of 0.61.0). */
export const GEMINI_CLI: OtlpSender = {
  tool: TOOL,
  sent: ({ scopeName, serviceName }) => scopeName === TOOL || serviceName === TOOL,
  readLogRecord: readGeminiCliEvent,
  readMetricPoint: ignoredMetric,
  readSpan: ignoredSpan,
};

/**
 * `gemini_cli.api_response` is one model call. The same call comes again as an event of the GenAI
 * conventions, without the tokens of thoughts: that one is ignored, as is every other event.
 */
function readGeminiCliEvent(record: OtlpLogRecord): Reading {
  const name = otlpEventName(record);
  return name === "gemini_cli.api_response"
    ? readingOf(() => ({ kind: "accepted", event: modelCall(record) }))
    : { kind: "ignored", name };
}

function modelCall(record: OtlpLogRecord): SentUsage {
  const fields = otlpFields(record);
  const session =
    fields.textIfGiven("session.id", MAX_LENGTH.session) ??
    fields.label(["session.id"], MAX_LENGTH.session) ??
    "-";
  const timeMs = otlpEventTimeMs(record);
  const model = normalisedModel(fields.text("model", MAX_LENGTH.name));
  const tokens = tokensOf(fields);
  return {
    id: identityByContent([TOOL, session, timeMs, model], tokens),
    grain: "request",
    timeMs,
    session,
    tool: TOOL,
    provider: "google",
    model,
    tokens,
    ...givenFields({
      subject: otlpSubject(fields, TOOL, SUBJECT_ATTRIBUTES),
      ...workLabels(fields),
    }),
  };
}

/**
 * Input includes what the cache held; what tools put into the prompt is beside it, and is input too.
 * Output leaves out the thoughts, which are priced as output. The sum is the sender's own total.
 */
function tokensOf(fields: OtlpFields): TokenBuckets {
  const required = (name: string) => fields.requiredCount(name, MAX_CALL_TOKENS);
  const optional = (name: string) => fields.count(name, MAX_CALL_TOKENS) ?? 0;
  const thoughts = optional("thoughts_token_count");
  const tokens = disjointTokens({
    input: { count: required("input_token_count"), path: fields.pathOf("input_token_count") },
    output: {
      count: required("output_token_count") + thoughts,
      path: fields.pathOf("output_token_count"),
    },
    cacheRead: optional("cached_content_token_count"),
    cacheWrite: 0,
    reasoning: thoughts,
  });
  return { ...tokens, uncachedInput: tokens.uncachedInput + optional("tool_token_count") };
}
