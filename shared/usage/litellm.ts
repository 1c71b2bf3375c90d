import * as z from "zod";
import { nanoUsdFromNumber } from "../money/nano-usd.ts";
import type { JsonRecord } from "../wire/json-batch.ts";
import { schemaFault } from "../wire/schema-fault.ts";
import { isPlainText, MAX_LENGTH } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import { LITELLM_TOOL, litellmCallId, litellmContext } from "./litellm-identity.ts";
import { litellmModel } from "./litellm-model.ts";
import { LitellmCall, LitellmResult } from "./litellm-payload.ts";
import { litellmTier } from "./litellm-tier.ts";
import { litellmTokens } from "./litellm-tokens.ts";
import type { ParsedBatch } from "./parsed-batch.ts";
import { batchOf, heldBackIfInFuture, type Reading, readingOf } from "./reading.ts";
import { notPermitted } from "./sender-permission.ts";
import type { SentUsage } from "./usage-event.ts";

export type LitellmReadingContext = {
  readonly nowMs: number;
  /** Whether the sender's key may send usage of LiteLLM. */
  readonly maySend: (tool: string) => boolean;
};

/** A batch that says, too, which records carry no usage, and why. */
export type LitellmBatch = ParsedBatch<SentUsage> & {
  readonly ignoredAt: ReadonlyMap<number, string>;
};

/**
 * Reads what LiteLLM's generic API callback sends. Ignored and counted are:
 *
 * - `cache-hit`: answered from LiteLLM's own response cache, so no provider was paid;
 * - `failure-without-usage`: a call that failed before anything was used;
 * - `no-usage`: a call that uses and costs nothing, such as counting tokens.
 */
export function usageFromLitellm(
  items: readonly JsonRecord[],
  { nowMs, maySend }: LitellmReadingContext,
): LitellmBatch {
  const readings = items.map((item) => {
    const reading = heldBackIfInFuture(readItem(item), nowMs);
    return maySend(LITELLM_TOOL) ? reading : notPermitted(reading, "");
  });
  return { ...batchOf(readings), ignoredAt: ignoredIn(readings) };
}

function readItem(item: JsonRecord): Reading {
  if (item.kind === "malformed") {
    return { kind: "rejected", path: "", message: item.message };
  }
  return readLitellmPayload(item.value);
}

/** Reads one `StandardLoggingPayload`. */
export function readLitellmPayload(payload: unknown): Reading {
  const result = LitellmResult.safeParse(payload);
  if (!result.success) {
    return { kind: "rejected", ...schemaFault(result.error) };
  }
  const nothing = reasonForNoUsage(result.data);
  if (nothing !== undefined) {
    return { kind: "ignored", name: nothing };
  }
  const call = LitellmCall.safeParse(payload);
  return call.success
    ? readingOf(() => ({ kind: "accepted", event: usageOf(call.data) }))
    : { kind: "rejected", ...schemaFault(call.error) };
}

function reasonForNoUsage(result: LitellmResult): string | undefined {
  if (result.cache_hit === true) {
    return "cache-hit";
  }
  const { prompt_tokens, completion_tokens, response_cost } = result;
  if (prompt_tokens + completion_tokens + (response_cost ?? 0) > 0) {
    return undefined;
  }
  return result.status === "failure" ? "failure-without-usage" : "no-usage";
}

function usageOf(call: LitellmCall): SentUsage {
  const model = litellmModel(call);
  return {
    id: litellmCallId(call, model.provider),
    grain: "request",
    // When the answer was complete, as clients' telemetry states it: the same call is booked on the
    // same day by both, but for one that ends within milliseconds of midnight.
    timeMs: Math.round((call.endTime ?? call.startTime) * 1000),
    ...litellmContext(call),
    ...model,
    tokens: litellmTokens(call),
    ...givenFields({ tier: litellmTier(call), reportedCostNanoUsd: reportedCost(call) }),
  };
}

/** LiteLLM states 0 where it does not know the price: an unknown price is not a free call. */
function reportedCost({ response_cost }: LitellmCall) {
  return response_cost ? nanoUsdFromNumber(response_cost) : undefined;
}

function ignoredIn(readings: readonly Reading[]): ReadonlyMap<number, string> {
  return new Map(
    readings.flatMap((reading, index) =>
      reading.kind === "ignored" ? [[index, reading.name] as const] : [],
    ),
  );
}

const ItemWithId = z.object({
  id: z.string().refine((value) => isPlainText(value, MAX_LENGTH.id)),
});

/** LiteLLM's id of an item, for the sender's own records: given back even if the item is rejected. */
export function idOfLitellmItem(item: JsonRecord): { readonly id?: string } {
  const parsed = ItemWithId.safeParse(item.kind === "value" ? item.value : undefined);
  return parsed.success ? { id: parsed.data.id } : {};
}
