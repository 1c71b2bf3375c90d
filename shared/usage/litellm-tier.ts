import type { LitellmCall } from "./litellm-payload.ts";

/** Names of the tier that a price list is for. `auto` is what was asked for, not what it came to. */
const STANDARD: ReadonlySet<string> = new Set(["standard", "default", "auto", "on_demand"]);

/** The calls by which a batch is fetched, with the usage of all of it. */
const BATCH_CALL = /^a?retrieve_batch$/;

/**
 * The price tier of a call: what the provider answered; failing that, what was asked for. A tier that
 * is not known here keeps its name, so that the call has no list price rather than a wrong one.
 */
export function litellmTier(call: LitellmCall): string | undefined {
  if (BATCH_CALL.test(call.call_type ?? "")) {
    return "batch";
  }
  const tier = (
    call.metadata?.usage_object?.service_tier ?? call.model_parameters?.service_tier
  )?.toLowerCase();
  return tier === undefined || STANDARD.has(tier) ? undefined : tier;
}
