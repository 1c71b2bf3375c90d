import type { UsageEvent } from "../usage/usage-event.ts";

/**
 * Whether a record is the call that the ledger holds under its identity as another tool saw it, such
 * as the gateway that a client with telemetry went through: both count the same tokens. What else
 * differs (the time by seconds, the estimate, the lifetime of cache writes) is each one's own view.
 * An estimate that the ledger lacks is news, as it may be all that prices the call.
 *
 * @param stored An entry of the same segment and identity.
 */
export function isSameCallSeenTwice(stored: UsageEvent, sent: UsageEvent): boolean {
  return (
    stored.tool !== sent.tool &&
    stored.grain === "request" &&
    sent.grain === "request" &&
    billedCounts(stored) === billedCounts(sent) &&
    (stored.reportedCostNanoUsd !== undefined || sent.reportedCostNanoUsd === undefined)
  );
}

function billedCounts({ tokens }: UsageEvent): string {
  const { uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output } = tokens;
  return [uncachedInput, cacheRead, cacheWrite5m + cacheWrite1h, output].join(" ");
}
