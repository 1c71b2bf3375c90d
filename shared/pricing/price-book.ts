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
   * `undefined` if the book does not know the model: an unpriced call has to be seen, never free.
   */
  readonly listCost: (call: PricedCall) => NanoUsd | undefined;
};

/** What a call cost, and how we know. */
export type CallCost =
  | { readonly basis: "list" | "reported"; readonly costNanoUsd: NanoUsd }
  | { readonly basis: "unpriced" };

/** The price book's figure; failing that, the sender's own; failing that, unpriced. */
export function callCost(
  book: PriceBook,
  call: PricedCall & { readonly reportedCostNanoUsd?: NanoUsd },
): CallCost {
  const listed = book.listCost(call);
  if (listed !== undefined) {
    return { basis: "list", costNanoUsd: listed };
  }
  return call.reportedCostNanoUsd === undefined
    ? { basis: "unpriced" }
    : { basis: "reported", costNanoUsd: call.reportedCostNanoUsd };
}
