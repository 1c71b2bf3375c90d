import type { OtlpSpan } from "../otlp/export-request.ts";
import { genAiCall, hasGenAiUsage, namesGenAiModel } from "./gen-ai-call.ts";
import { eventTimeMs } from "./otlp-fields.ts";
import { type Reading, readingOf } from "./reading.ts";
import type { SentUsage } from "./usage-event.ts";

/** Operations that are one call of a model. */
const MODEL_CALLS: ReadonlySet<string> = new Set([
  "chat",
  "text_completion",
  "generate_content",
  "embeddings",
]);

/** Operations that repeat the usage of the calls within them, or that call no model. */
export const OTHER_OPERATIONS: ReadonlySet<unknown> = new Set([
  "create_agent",
  "invoke_agent",
  "invoke_workflow",
  "execute_tool",
  "plan",
  "retrieval",
  "fetch_response",
]);

/**
 * A span of the GenAI conventions (open-telemetry/semantic-conventions-genai, `docs/gen-ai/gen-ai-spans.md`).
 *
 * It is one model call if its operation is one and it says how many tokens. The spans of agents,
 * workflows and tools around it sum up the same tokens, and are ignored.
 */
export function readGenAiSpan(span: OtlpSpan): Reading {
  const operation = span.attributes.get("gen_ai.operation.name") ?? undefined;
  if (!hasGenAiUsage(span)) {
    return { kind: "ignored", name: "span" };
  }
  return isModelCall(span, operation)
    ? readingOf(() => ({ kind: "accepted", event: modelCall(span) }))
    : { kind: "ignored", name: nameOf(operation) };
}

/**
 * Before the operation had a name in the conventions, the spans of model calls were those that name
 * provider and model. An operation with a name of the sender's own may be anything: it is taken if
 * it names one response, which counts once however many spans name it.
 */
function isModelCall(span: OtlpSpan, operation: unknown): boolean {
  if (operation === undefined) {
    return namesGenAiModel(span);
  }
  return typeof operation === "string" && !OTHER_OPERATIONS.has(operation)
    ? MODEL_CALLS.has(operation) || namesResponse(span)
    : false;
}

function namesResponse({ attributes }: OtlpSpan): boolean {
  const id = attributes.get("gen_ai.response.id");
  return typeof id === "string" && id !== "";
}

/** The call's time is when it was over, as events and gateways have it. */
function modelCall(span: OtlpSpan): SentUsage {
  const { endTimeUnixNano: end, startTimeUnixNano: start } = span;
  const ms = eventTimeMs(`${span.path}.endTimeUnixNano`, end, start);
  return genAiCall(span, { ms, unixNano: end > 0n ? end : start });
}

/** For counting: a name that a sender made up is not repeated. */
function nameOf(operation: unknown): string {
  return typeof operation === "string" && OTHER_OPERATIONS.has(operation)
    ? `span:${operation}`
    : "span:other";
}
