import type { OtlpLogRecord, OtlpRecord, OtlpSpan, SpanContext } from "../otlp/export-request.ts";
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
import { type OtlpFields, otlpFields } from "./otlp-fields.ts";
import { otlpSubject, workLabels } from "./otlp-labels.ts";
import { InvalidFieldError } from "./reading.ts";
import type { SentUsage, TokenBuckets } from "./usage-event.ts";

/** Of whoever has no name of its own, and the start of the names of all others. */
export const GEN_AI_TOOL = "gen-ai";

/** Each with its names of earlier versions; the first that is given counts. */
export const NAMES = {
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

/** Whether a record says how many tokens. */
export function hasGenAiUsage({ attributes }: Pick<OtlpSpan, "attributes">): boolean {
  return [...NAMES.input, ...NAMES.output].some((name) => (attributes.get(name) ?? null) !== null);
}

/** Whether a record names who served a model, and which. */
export function namesGenAiModel({ attributes }: Pick<OtlpSpan, "attributes">): boolean {
  const isGiven = (name: string) => typeof attributes.get(name) === "string";
  return NAMES.provider.some(isGiven) && NAMES.model.some(isGiven);
}

/**
 * The model call in an event or a span, which both carry the same attributes.
 *
 * @param time When the call was over; the nanoseconds as they were sent, for records without ids.
 * @throws {InvalidFieldError} if a field is not what it has to be.
 */
export function genAiCall(
  record: OtlpLogRecord | OtlpSpan,
  time: { readonly ms: number; readonly unixNano: bigint },
): SentUsage {
  const fields = otlpFields(record);
  const first = (names: readonly string[], maxLength: number) =>
    names.map((name) => fields.textIfGiven(name, maxLength)).find((text) => text !== undefined);
  const call = {
    timeMs: time.ms,
    session: first(NAMES.session, MAX_LENGTH.session) ?? "-",
    tool: genAiTool(fields),
    provider: genAiProvider(
      first(NAMES.provider, MAX_LENGTH.name) ?? fields.text(NAMES.provider[0], MAX_LENGTH.name),
    ),
    model: normalisedModel(
      first(NAMES.model, MAX_LENGTH.name) ?? fields.text(NAMES.model[1], MAX_LENGTH.name),
    ),
    tokens: tokensOf(fields),
  };
  return {
    id: identityOf(record, fields, call, time.unixNano),
    grain: "request",
    ...call,
    ...givenFields({
      subject: genAiPayer(record),
      agent: fields.label(["gen_ai.agent.name", "gen_ai.agent.id"], MAX_LENGTH.name),
      ...workLabels(fields),
    }),
  };
}

/**
 * The provider's id of the response. Without one, the span that the call was made in and all that
 * tells it apart from other calls in it: an event is sent within the span that says the same again.
 * Without a span, the time to the nanosecond, as a service makes many calls at once.
 */
function identityOf(
  { traceId, spanId }: SpanContext,
  fields: OtlpFields,
  call: Pick<SentUsage, "timeMs" | "session" | "tool" | "provider" | "model" | "tokens">,
  unixNano: bigint,
): string {
  const { tool, session, provider, model, tokens } = call;
  const responseId = fields.textIfGiven("gen_ai.response.id", MAX_LENGTH.id);
  if (responseId !== undefined) {
    return callIdentity(provider, responseId);
  }
  if (traceId !== "" && spanId !== "") {
    return identityByContent([GEN_AI_TOOL, traceId, spanId, provider, model], tokens);
  }
  const time = unixNano > 0n ? unixNano : call.timeMs;
  return identityByContent([tool, session, time, provider, model], tokens);
}

/** The service, behind a mark that it is one: no service can pass for a tool that has keys of its own. */
export function genAiTool(fields: OtlpFields): string {
  const service = fields.label(["service.name"], MAX_LENGTH.name)?.toLowerCase();
  return service === undefined || service.startsWith("unknown_service")
    ? GEN_AI_TOOL
    : `${GEN_AI_TOOL}:${service}`;
}

/** Only the deployment names who pays: on a record, a user is commonly the service's own customer. */
export function genAiPayer(record: OtlpRecord): string | undefined {
  const resource = otlpFields({ ...record, attributes: record.origin.resource });
  return otlpSubject(resource, GEN_AI_TOOL, ["user.email", "enduser.id"]);
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
