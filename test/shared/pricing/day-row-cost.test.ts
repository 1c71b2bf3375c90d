import { describe, expect, test } from "vitest";
import { dayRowCost } from "../../../shared/pricing/day-row-cost.ts";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const book = genaiPriceBook();

function aRow(overrides: Parameters<typeof aUsageEvent>[0]) {
  return aUsageEvent({ grain: "day", session: "-", ...overrides });
}

describe("dayRowCost", () => {
  test("takes the source's own figure, also for a model with a list price", () => {
    expect(dayRowCost(book, aRow({ reportedCostNanoUsd: 42n }))).toEqual({
      basis: "reported",
      costNanoUsd: 42n,
    });
  });

  test("prices tokens as calls of the average size: a day's sum is in no tier of long prompts", () => {
    // 30 calls of 100,000 tokens at 3 USD a million: 9 USD. As one call of three million tokens, the
    // higher price above 200,000 would double it.
    const tokens = { ...NO_TOKENS, uncachedInput: 3_000_000 };

    expect(dayRowCost(book, aRow({ tokens, calls: 30 }))).toEqual({
      basis: "list",
      costNanoUsd: 9_000_000_000n,
    });
  });

  test("loses no token to the average", () => {
    // 10 tokens at 3 USD a million are 30,000 nano-USD, also over 3 calls.
    const tokens = { ...NO_TOKENS, cacheRead: 0, cacheWrite5m: 0, output: 0, uncachedInput: 10 };

    expect(dayRowCost(book, aRow({ tokens, calls: 3 }))).toEqual({
      basis: "list",
      costNanoUsd: 30_000n,
    });
  });

  test("tokens of an unknown number of calls are unpriced: nobody knows their tier", () => {
    expect(dayRowCost(book, aRow({}))).toEqual({ basis: "unpriced" });
  });

  test("credits without a rate are unpriced, not free", () => {
    const row = aRow({
      tool: "kiro",
      provider: "kiro",
      model: "-",
      credits: { used: 5, overage: 0 },
    });

    expect(dayRowCost(book, row)).toEqual({ basis: "unpriced" });
  });
});
