import type { NanoUsd } from "../money/nano-usd.ts";
import type { TokenBuckets } from "../usage/usage-event.ts";

/** What a price depends on. Prices are per request: tiers look at the size of one call. */
export type PricedCall = {
  readonly provider: string;
  readonly model: string;
  readonly timeMs: number;
  readonly tokens: TokenBuckets;
};

/** List prices with their history. */
export type PriceBook = {
  /** Names the data, so that a roll-up says what priced it. */
  readonly version: string;
  /**
   * List cost (FOCUS `ListCost`) of one call at its own time, rounded once to whole nano-USD;
   * `undefined` if the book does not know the model, or a rate that the call needs: an unpriced call
   * has to be seen, never free.
   */
  readonly listCost: (call: PricedCall) => NanoUsd | undefined;
};

/** What a call cost, and how we know. */
export type CallCost =
  | { readonly basis: "list" | "reported"; readonly costNanoUsd: NanoUsd }
  | { readonly basis: "unpriced" };

/**
 * The price book's figure; failing that, the sender's own; failing that, unpriced. A call without
 * tokens, such as an image, has no list cost to speak of: there the sender's figure stands.
 */
export function callCost(
  book: PriceBook,
  call: PricedCall & { readonly reportedCostNanoUsd?: NanoUsd },
): CallCost {
  const listed = book.listCost(call);
  const reported = call.reportedCostNanoUsd;
  if (listed !== undefined && (reported === undefined || hasTokens(call.tokens))) {
    return { basis: "list", costNanoUsd: listed };
  }
  return reported === undefined
    ? { basis: "unpriced" }
    : { basis: "reported", costNanoUsd: reported };
}

function hasTokens(tokens: TokenBuckets): boolean {
  return Object.values(tokens).some((count) => count > 0);
}
