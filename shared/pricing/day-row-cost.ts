import type { NanoUsd } from "../money/nano-usd.ts";
import { type Credits, NO_TOKENS, type TokenBuckets } from "../usage/usage-event.ts";
import { type CallCost, callCost, type PriceBook, type PricedCall } from "./price-book.ts";

const BUCKETS = Object.keys(NO_TOKENS) as readonly (keyof TokenBuckets)[];

/** A day, as a source sums it up. */
export type DayRow = PricedCall & {
  readonly calls?: number;
  readonly credits?: Credits;
  readonly reportedCostNanoUsd?: NanoUsd;
};

/**
 * What a day that a source sums up cost: its credits by the book, or the source's own figure. A sum
 * of tokens alone is no call, and would fall into a tier that none of its calls reached: it is
 * priced as that many calls of the average size, whose tokens add up to the sum. Without a number of
 * calls, it is unpriced.
 */
export function dayRowCost(book: PriceBook, row: DayRow): CallCost {
  if (row.credits !== undefined || row.reportedCostNanoUsd !== undefined) {
    return callCost(book, { ...row, tokens: NO_TOKENS });
  }
  return row.calls === undefined || row.calls < 1
    ? { basis: "unpriced" }
    : costOfAverageCalls(book, row, row.calls);
}

function costOfAverageCalls(book: PriceBook, row: DayRow, calls: number): CallCost {
  const average = mapBuckets(row.tokens, (count) => Math.floor(count / calls));
  const last = mapBuckets(row.tokens, (count) => count - Math.floor(count / calls) * (calls - 1));
  const costs = [average, last].map((tokens) => callCost(book, { ...row, tokens }));
  const [each, rest] = costs;
  return each?.basis === "list" && rest?.basis === "list"
    ? { basis: "list", costNanoUsd: each.costNanoUsd * BigInt(calls - 1) + rest.costNanoUsd }
    : { basis: "unpriced" };
}

function mapBuckets(tokens: TokenBuckets, map: (count: number) => number): TokenBuckets {
  const entries = BUCKETS.map((bucket) => [bucket, map(tokens[bucket])] as const);
  return { ...tokens, ...Object.fromEntries(entries) };
}
