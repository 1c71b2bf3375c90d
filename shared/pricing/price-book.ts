import type { NanoUsd } from "../money/nano-usd.ts";
import {
  type ForeignAmount,
  NO_TOKENS,
  type TokenBuckets,
  type UsageEvent,
} from "../usage/usage-event.ts";

/**
 * What a price depends on. Prices are per request: tiers look at the size of one call. A record of
 * another grain is a sum of calls, which only a price that is the same for each of them holds for.
 */
export type PricedCall = Pick<
  UsageEvent,
  "tool" | "provider" | "model" | "timeMs" | "tokens" | "tier" | "credits"
> &
  Partial<Pick<UsageEvent, "grain">>;

/** What the configuration makes of a call that one of its rules fits. */
export type BookPrice =
  | { readonly kind: "priced"; readonly costNanoUsd: NanoUsd }
  | { readonly kind: "unpriced"; readonly reason: "no-rate" | "no-exchange-rate" };

/** Prices with their history. */
export type PriceBook = {
  /** Names the data, so that a roll-up says what priced it. */
  readonly version: string;
  /**
   * List cost (FOCUS `ListCost`) of one call of the standard tier at its own time, rounded once to
   * whole nano-USD; `undefined` if the book does not know the model, or a rate that the call needs: an
   * unpriced call has to be seen, never free.
   */
  readonly listCost: (call: PricedCall) => NanoUsd | undefined;
  /** What the configuration says of a call; `undefined` if none of its rules fits. */
  readonly configured?: (call: PricedCall) => BookPrice | undefined;
  /** An amount in USD, at the rate in force on the UTC day of the time; `undefined` without one. */
  readonly inUsd?: (amount: ForeignAmount, timeMs: number) => NanoUsd | undefined;
};

/** What a call cost, and how we know: by the price list, a configured price, or its sender. */
export type CallCost =
  | { readonly basis: "list" | "configured" | "reported"; readonly costNanoUsd: NanoUsd }
  | { readonly basis: "unpriced" };

type Reported = Pick<UsageEvent, "reportedCostNanoUsd" | "reportedForeign">;

/**
 * A configured price; failing that, the list's; failing that, the sender's own; failing that, the call
 * is unpriced. A call without tokens, such as an image, has no price by token to speak of: there the
 * sender's figure stands. The list knows single calls of the standard tier, and no credits.
 */
export function callCost(book: PriceBook, call: PricedCall & Reported): CallCost {
  const reported = reportedCost(book, call);
  const priced = bookCost(book, call);
  if (priced !== undefined && (reported === undefined || hasQuantity(call))) {
    return priced;
  }
  return reported === undefined
    ? { basis: "unpriced" }
    : { basis: "reported", costNanoUsd: reported };
}

/** A rule that fits decides, also where it lacks a number: the list is not what was agreed on. */
function bookCost(book: PriceBook, call: PricedCall): CallCost | undefined {
  const configured = book.configured?.(call);
  if (configured !== undefined) {
    return configured.kind === "unpriced"
      ? undefined
      : { basis: "configured", costNanoUsd: configured.costNanoUsd };
  }
  const listed = isListed(call) ? book.listCost(call) : undefined;
  return listed === undefined ? undefined : { basis: "list", costNanoUsd: listed };
}

/** Why a call has no price. */
export type UnpricedReason =
  /** The price list does not know the model. */
  | "unknown-model"
  /** The list, or the rule that fits, lacks a price that the call needs. */
  | "no-rate"
  /** The list knows no price of the tier, and no rule fits. */
  | "no-tier-price"
  /** Credits were used, and no rule says what one costs. */
  | "no-credit-price"
  /** No exchange rate is in force on the day. */
  | "no-exchange-rate"
  /** A sum of calls: list prices are for single ones, and no rule fits. */
  | "sum-of-calls";

/** Of a call that {@link callCost} finds unpriced. */
export function unpricedReason(book: PriceBook, call: PricedCall & Reported): UnpricedReason {
  const configured = book.configured?.(call);
  if (configured?.kind === "unpriced") {
    return configured.reason;
  }
  if (call.reportedForeign !== undefined) {
    return "no-exchange-rate";
  }
  if (hasCredits(call)) {
    return "no-credit-price";
  }
  if (isSum(call)) {
    return "sum-of-calls";
  }
  const isKnown = book.listCost({ ...call, tokens: NO_TOKENS }) !== undefined;
  if (call.tier !== undefined && isKnown) {
    return "no-tier-price";
  }
  return isKnown ? "no-rate" : "unknown-model";
}

function reportedCost(book: PriceBook, call: PricedCall & Reported): NanoUsd | undefined {
  const { reportedCostNanoUsd, reportedForeign } = call;
  return (
    reportedCostNanoUsd ??
    (reportedForeign === undefined ? undefined : book.inUsd?.(reportedForeign, call.timeMs))
  );
}

function isListed(call: PricedCall): boolean {
  return call.tier === undefined && !hasCredits(call) && !isSum(call);
}

function isSum({ grain = "request" }: PricedCall): boolean {
  return grain !== "request";
}

/** Whether a call states anything that a price is for. */
export function hasQuantity(call: Pick<PricedCall, "tokens" | "credits">): boolean {
  return hasTokens(call.tokens) || hasCredits(call);
}

function hasTokens(tokens: TokenBuckets): boolean {
  return Object.values(tokens).some((count) => count > 0);
}

function hasCredits({ credits }: Pick<PricedCall, "credits">): boolean {
  return credits !== undefined && credits.used + credits.overage > 0;
}
