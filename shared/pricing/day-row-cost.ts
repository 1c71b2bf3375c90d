import { NO_TOKENS, type TokenBuckets, type UsageEvent } from "../usage/usage-event.ts";
import { type CallCost, callCost, type PriceBook, type PricedCall } from "./price-book.ts";

const BUCKETS = Object.keys(NO_TOKENS) as readonly (keyof TokenBuckets)[];

/** A day, as a source sums it up. */
export type DayRow = PricedCall &
  Pick<UsageEvent, "calls" | "reportedCostNanoUsd" | "reportedForeign">;

/**
 * What a day that a source sums up cost: its credits by the book, or the source's own figure. A sum
 * of tokens alone is no call, and would fall into a tier that none of its calls reached: it is
 * priced as that many calls of the average size, whose tokens add up to the sum. Without a number of
 * calls, only a configured price that is the same for every call holds for it.
 */
export function dayRowCost(book: PriceBook, row: DayRow): CallCost {
  if (row.credits !== undefined || hasEstimate(row)) {
    return callCost(book, { ...row, tokens: NO_TOKENS });
  }
  return row.calls === undefined || row.calls < 1
    ? callCost(book, { ...row, grain: "day" })
    : costOfAverageCalls(book, row, row.calls);
}

function hasEstimate({ reportedCostNanoUsd, reportedForeign }: DayRow): boolean {
  return reportedCostNanoUsd !== undefined || reportedForeign !== undefined;
}

function costOfAverageCalls(book: PriceBook, row: DayRow, calls: number): CallCost {
  const average = mapBuckets(row.tokens, (count) => Math.floor(count / calls));
  const last = mapBuckets(row.tokens, (count) => count - Math.floor(count / calls) * (calls - 1));
  const call = { ...row, grain: "request" } as const;
  const each = callCost(book, { ...call, tokens: average });
  const rest = callCost(book, { ...call, tokens: last });
  return each.basis !== "unpriced" && each.basis === rest.basis
    ? { basis: each.basis, costNanoUsd: each.costNanoUsd * BigInt(calls - 1) + rest.costNanoUsd }
    : { basis: "unpriced" };
}

function mapBuckets(tokens: TokenBuckets, map: (count: number) => number): TokenBuckets {
  const entries = BUCKETS.map((bucket) => [bucket, map(tokens[bucket])] as const);
  return { ...tokens, ...Object.fromEntries(entries) };
}
