import type { NanoUsd } from "../money/nano-usd.ts";
import type { Credits, ForeignAmount, TokenBuckets, UsageEvent } from "../usage/usage-event.ts";

/** Senders round their own estimates to a micro-USD, or not at all. */
const ESTIMATE_TOLERANCE_NANO_USD = 1_000n;

/** What is charged. `reasoning` is part of `output`, and not every source tells it apart. */
const CHARGED = [
  "uncachedInput",
  "cacheRead",
  "output",
] as const satisfies readonly (keyof TokenBuckets)[];

/**
 * Whether an event says again what the ledger holds under its identity, and nothing more about its
 * cost. So a sender that has got a key of its own in the meantime, or sends its labels and not its
 * estimate the second time, does not contradict itself; other tokens, another model or tier, do.
 *
 * @param stored An entry of the same segment and identity.
 */
export function restates(stored: UsageEvent, sent: UsageEvent): boolean {
  return (
    stored.grain === sent.grain &&
    stored.provider === sent.provider &&
    stored.model === sent.model &&
    CHARGED.every((bucket) => stored.tokens[bucket] === sent.tokens[bucket]) &&
    isSameCacheWrite(stored.tokens, sent.tokens) &&
    (sent.tier === undefined || sent.tier === stored.tier) &&
    isSameCredits(stored.credits, sent.credits) &&
    isSameEstimate(stored.reportedCostNanoUsd, sent.reportedCostNanoUsd) &&
    isSameForeignEstimate(stored.reportedForeign, sent.reportedForeign)
  );
}

function isSameForeignEstimate(
  stored: ForeignAmount | undefined,
  sent: ForeignAmount | undefined,
): boolean {
  return (
    sent === undefined ||
    (stored?.currency === sent.currency && stored.amountNano === sent.amountNano)
  );
}

/** Not every source knows that some of it was written for an hour. */
function isSameCacheWrite(stored: TokenBuckets, sent: TokenBuckets): boolean {
  const total = ({ cacheWrite5m, cacheWrite1h }: TokenBuckets) => cacheWrite5m + cacheWrite1h;
  return (
    total(stored) === total(sent) &&
    (sent.cacheWrite1h === 0 || sent.cacheWrite1h === stored.cacheWrite1h)
  );
}

function isSameCredits(stored: Credits | undefined, sent: Credits | undefined): boolean {
  return stored?.used === sent?.used && stored?.overage === sent?.overage;
}

/** An estimate that the ledger lacks is news: it may be all that prices the call. */
function isSameEstimate(stored: NanoUsd | undefined, sent: NanoUsd | undefined): boolean {
  if (sent === undefined || stored === undefined) {
    return sent === undefined;
  }
  const difference = stored - sent;
  return (difference < 0n ? -difference : difference) <= ESTIMATE_TOLERANCE_NANO_USD;
}
