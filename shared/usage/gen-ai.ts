import type { OtlpLogRecord, OtlpMetricPoint } from "../otlp/export-request.ts";
import {
  callIdentity,
  identityByContent,
  MAX_CALL_TOKENS,
  MAX_LENGTH,
  normalisedModel,
} from "./field-limits.ts";
import { genAiProvider } from "./gen-ai-providers.ts";
import { givenFields } from "./given-fields.ts";
import { disjointTokens, type LocatedCount } from "./inclusive-usage.ts";
import { otlpEventName, otlpEventTimeMs } from "./otlp-event.ts";
import { type OtlpFields, otlpFields } from "./otlp-fields.ts";
import { otlpSubject, workLabels } from "./otlp-labels.ts";
import { ignoredMetric, type OtlpReader } from "./otlp-sender.ts";
import { InvalidFieldError, type Reading, readingOf } from "./reading.ts";
import type { SentUsage, TokenBuckets } from "./usage-event.ts";

const TOOL = "gen-ai";
const EVENT = "gen_ai.client.inference.operation.details";
const METRICS = "gen_ai.";

/** Each with its names of earlier versions; the first that is given counts. */
const NAMES = {
  provider: ["gen_ai.provider.name", "gen_ai.system"],
  model: ["gen_ai.response.model", "gen_ai.request.model"],
  session: ["gen_ai.conversation.id", "session.id"],
  input: ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"],
  output: ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"],
  cacheRead: ["gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"],
  cacheWrite: [
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
  ],
  reasoning: ["gen_ai.usage.reasoning.output_tokens"],
} as const;

/**
 * Whoever is no other sender, and follows OpenTelemetry's conventions for generative AI
 * (open-telemetry/semantic-conventions-genai, status Development).
 */
export const GEN_AI: OtlpReader = {
  tool: TOOL,
  readLogRecord: readGenAiEvent,
  readMetricPoint: readGenAiPoint,
};

/** Names that a sender makes up are not repeated: who it is, we do not know. */
const UNKNOWN: Reading = { kind: "ignored", name: "unknown-sender" };

function readGenAiPoint(point: OtlpMetricPoint): Reading {
  return point.metric.startsWith(METRICS) ? ignoredMetric(point) : UNKNOWN;
}

/** An event is one model call if it says how many tokens: some senders send one for the request too. */
function readGenAiEvent(record: OtlpLogRecord): Reading {
  if (otlpEventName(record) !== EVENT) {
    return UNKNOWN;
  }
  const usage = [...NAMES.input, ...NAMES.output];
  return usage.some((name) => (record.attributes.get(name) ?? null) !== null)
    ? readingOf(() => ({ kind: "accepted", event: modelCall(record) }))
    : { kind: "ignored", name: EVENT };
}

function modelCall(record: OtlpLogRecord): SentUsage {
  const fields = otlpFields(record);
  const first = (names: readonly string[], maxLength: number) =>
    names.map((name) => fields.textIfGiven(name, maxLength)).find((text) => text !== undefined);
  const call = {
    timeMs: otlpEventTimeMs(record),
    session: first(NAMES.session, MAX_LENGTH.session) ?? "-",
    tool: toolOf(fields),
    provider: genAiProvider(
      first(NAMES.provider, MAX_LENGTH.name) ?? fields.text(NAMES.provider[0], MAX_LENGTH.name),
    ),
    model: normalisedModel(
      first(NAMES.model, MAX_LENGTH.name) ?? fields.text(NAMES.model[1], MAX_LENGTH.name),
    ),
    tokens: tokensOf(fields),
  };
  return {
    id: identityOf(record, fields, call),
    grain: "request",
    ...call,
    ...givenFields({
      subject: payerOf(record),
      agent: fields.label(["gen_ai.agent.name", "gen_ai.agent.id"], MAX_LENGTH.name),
      ...workLabels(fields),
    }),
  };
}

/** The provider's id of the response; without one, the time to the nanosecond, as a service makes many calls at once. */
function identityOf(
  { timeUnixNano }: OtlpLogRecord,
  fields: OtlpFields,
  call: Pick<SentUsage, "timeMs" | "session" | "tool" | "provider" | "model" | "tokens">,
): string {
  const responseId = fields.textIfGiven("gen_ai.response.id", MAX_LENGTH.id);
  if (responseId !== undefined) {
    return callIdentity(call.provider, responseId);
  }
  const time = timeUnixNano > 0n ? timeUnixNano : call.timeMs;
  return identityByContent([call.tool, call.session, time, call.provider, call.model], call.tokens);
}

/** The service, behind a mark that it is one: no service can pass for a tool that has keys of its own. */
function toolOf(fields: OtlpFields): string {
  const service = fields.label(["service.name"], MAX_LENGTH.name)?.toLowerCase();
  return service === undefined || service.startsWith("unknown_service")
    ? TOOL
    : `${TOOL}:${service}`;
}

/** Only the deployment names who pays: on a record, a user is commonly the service's own customer. */
function payerOf(record: OtlpLogRecord): string | undefined {
  const resource = otlpFields({ ...record, attributes: record.origin.resource });
  return otlpSubject(resource, TOOL, ["user.email", "enduser.id"]);
}

function tokensOf(fields: OtlpFields): TokenBuckets {
  const isEmbedding = fields.label(["gen_ai.operation.name"], MAX_LENGTH.name) === "embeddings";
  const part = (names: readonly string[]) => countOf(fields, names)?.count ?? 0;
  return disjointTokens({
    input: countOf(fields, NAMES.input) ?? missing(fields, NAMES.input[0]),
    output:
      countOf(fields, NAMES.output) ??
      (isEmbedding ? { count: 0, path: "" } : missing(fields, NAMES.output[0])),
    cacheRead: part(NAMES.cacheRead),
    cacheWrite: part(NAMES.cacheWrite),
    reasoning: part(NAMES.reasoning),
  });
}

function countOf(fields: OtlpFields, names: readonly string[]): LocatedCount | undefined {
  for (const name of names) {
    const count = fields.count(name, MAX_CALL_TOKENS);
    if (count !== undefined) {
      return { count, path: fields.pathOf(name) };
    }
  }
  return undefined;
}

function missing(fields: OtlpFields, name: string): never {
  throw new InvalidFieldError(fields.pathOf(name), "must be given");
}
