import { describe, expect, test } from "vitest";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { plainTokens, pricedTokens, usageProfile } from "../../../shared/scoring/usage-profile.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";
import { aCostLine } from "../../support/user-days.ts";

const book = genaiPriceBook();

describe("pricedTokens", () => {
  test.each(["uncachedInput", "cacheRead", "cacheWrite5m", "cacheWrite1h", "output"] as const)(
    "weighs %s as the price list does for Claude Sonnet 4.5",
    (bucket) => {
      const costOf = (name: typeof bucket) =>
        Number(
          book.listCost({
            tool: "claude-code",
            provider: "anthropic",
            model: "claude-sonnet-4-5",
            timeMs: Date.UTC(2026, 10, 21),
            tokens: { ...NO_TOKENS, [name]: 1000 },
          }),
        );

      expect(pricedTokens({ ...NO_TOKENS, [bucket]: 1000 })).toBeCloseTo(
        (1000 * costOf(bucket)) / costOf("uncachedInput"),
        6,
      );
    },
  );
});

test("plainTokens weighs what came from the cache as if it had not", () => {
  expect(
    plainTokens({ ...NO_TOKENS, uncachedInput: 1, cacheRead: 10, cacheWrite5m: 2, output: 3 }),
  ).toBe(28);
});

test("usageProfile keeps the cost of lines without tokens, under no model", () => {
  const profile = usageProfile([
    aCostLine({ calls: 2, costNanoUsd: 5n }),
    aCostLine({ calls: 3, costNanoUsd: 7n, tokens: NO_TOKENS }),
  ]);

  expect(profile).toMatchObject({ calls: 5, costNanoUsd: 12n });
  expect([...profile.models.values()].map(({ costNanoUsd }) => costNanoUsd)).toEqual([5n]);
});
