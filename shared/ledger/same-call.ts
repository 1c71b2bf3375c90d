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
    (hasEstimate(stored) || !hasEstimate(sent))
  );
}

function hasEstimate({ reportedCostNanoUsd, reportedForeign }: UsageEvent): boolean {
  return reportedCostNanoUsd !== undefined || reportedForeign !== undefined;
}

/**
 * Whether a record tells of the call that the ledger holds under its identity, and knows more of what it
 * costs or is: an estimate, its tier, how long the cache was written for, or the response. Such a record is
 * kept beside the entry, so that nothing depends on which of the two came first.
 *
 * @param stored An entry of the same segment and identity.
 */
export function addsToCall(stored: UsageEvent, sent: UsageEvent): boolean {
  return (
    stored.grain === "request" &&
    sent.grain === "request" &&
    billedCounts(stored) === billedCounts(sent) &&
    !isContradiction(stored.tier, sent.tier) &&
    (isNews(stored.reportedCostNanoUsd, sent.reportedCostNanoUsd) ||
      isNews(stored.reportedForeign, sent.reportedForeign) ||
      isNews(stored.tier, sent.tier) ||
      isNews(stored.response, sent.response) ||
      (stored.tokens.cacheWrite1h === 0 && sent.tokens.cacheWrite1h > 0))
  );
}

function isNews(stored: unknown, sent: unknown): boolean {
  return stored === undefined && sent !== undefined;
}

function isContradiction(stored: unknown, sent: unknown): boolean {
  return stored !== undefined && sent !== undefined && stored !== sent;
}

/** What is charged for, however it is divided: equal for all who saw the same call. */
export function billedCounts({ tokens }: UsageEvent): string {
  const { uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output } = tokens;
  return [uncachedInput, cacheRead, cacheWrite5m + cacheWrite1h, output].join(" ");
}
