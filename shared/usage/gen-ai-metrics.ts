import { canonicalAttributes } from "../otlp/attribute.ts";
import type { OtlpMetricPoint } from "../otlp/export-request.ts";
import type { IdentityHash } from "../ports/pseudonyms.ts";
import { type CounterAmount, counterWindow, seriesText } from "./counter-window.ts";
import { MAX_LENGTH, MAX_WINDOW_TOKENS, normalisedModel } from "./field-limits.ts";
import { genAiPayer, genAiTool, NAMES } from "./gen-ai-call.ts";
import { genAiProvider } from "./gen-ai-providers.ts";
import { OTHER_OPERATIONS } from "./gen-ai-spans.ts";
import { givenFields } from "./given-fields.ts";
import { otlpFields, wholeNumber } from "./otlp-fields.ts";
import { workLabels } from "./otlp-labels.ts";
import { type Reading, readingOf } from "./reading.ts";
import { NO_TOKENS, type TokenBuckets } from "./usage-event.ts";

type Bucket = Extract<keyof TokenBuckets, "uncachedInput" | "output">;

/** Values of `gen_ai.token.type`, with those of earlier versions. */
const TYPES: ReadonlyMap<unknown, Bucket> = new Map([
  ["input", "uncachedInput"],
  ["prompt", "uncachedInput"],
  ["output", "output"],
  ["completion", "output"],
]);

/**
 * Metrics that say how many tokens, and of which kind: by an attribute, or all of one kind. The first
 * is the one in use; the others are proposals for what comes after it. Counters of cached and of
 * reasoning tokens are left out: those tokens are in the input and the output already.
 */
const METRICS: ReadonlyMap<string, Bucket | "by-type"> = new Map([
  ["gen_ai.client.token.usage", "by-type"],
  ["gen_ai.client.inference.tokens", "by-type"],
  ["gen_ai.client.inference.usage.input_tokens", "uncachedInput"],
  ["gen_ai.client.inference.usage.output_tokens", "output"],
] as const);

/**
 * Reads one point of the token metrics of the GenAI conventions: a window of input or output.
 *
 * A fallback. It says neither session nor how much of the input was cached, so that its tokens have no
 * price, and it counts only on days on which its service sent no call to the same payer.
 */
export function readGenAiPoint(point: OtlpMetricPoint, hash: IdentityHash): Reading {
  const kind = METRICS.get(point.metric);
  const bucket = kind === "by-type" ? TYPES.get(point.attributes.get("gen_ai.token.type")) : kind;
  const operation = point.attributes.get("gen_ai.operation.name");
  if (bucket === undefined || OTHER_OPERATIONS.has(operation)) {
    const isKnown = point.metric.startsWith("gen_ai.");
    return { kind: "ignored", name: isKnown ? point.metric : "unknown-sender" };
  }
  return readingOf(() =>
    counterWindow("gen-ai", point, { text: seriesOf(point), hash }, amountOf(point, bucket)),
  );
}

/** Replicas of a service differ in nothing but their resource. */
function seriesOf(point: OtlpMetricPoint): string {
  const { resource, scopeName } = point.origin;
  return `${seriesText(point)} ${scopeName} ${canonicalAttributes(resource)}`;
}

function amountOf(point: OtlpMetricPoint, bucket: Bucket): CounterAmount {
  const fields = otlpFields(point);
  const first = (names: readonly string[]) =>
    names.map((name) => fields.textIfGiven(name, MAX_LENGTH.name)).find((text) => text);
  const tokens = wholeNumber(point.value, MAX_WINDOW_TOKENS, `${point.path}.value`);
  return {
    session: "-",
    tool: genAiTool(fields),
    provider: genAiProvider(
      first(NAMES.provider) ?? fields.text(NAMES.provider[0], MAX_LENGTH.name),
    ),
    model: normalisedModel(first(NAMES.model) ?? "-"),
    tokens: { ...NO_TOKENS, [bucket]: tokens },
    ...givenFields({ subject: genAiPayer(point), ...workLabels(fields) }),
  };
}
