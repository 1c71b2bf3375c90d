import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GENAI_PRICES_VERSION, genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { callCost, unpricedReason } from "../../../shared/pricing/price-book.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";

const book = genaiPriceBook();
const call = {
  tool: "claude-code",
  provider: "anthropic",
  model: "claude-sonnet-4-5",
  timeMs: Date.UTC(2026, 10, 21),
  tokens: { ...NO_TOKENS, uncachedInput: 123, cacheRead: 20_000, cacheWrite5m: 1000, output: 456 },
};

describe("genaiPriceBook", () => {
  test("prices a captured Claude Code call as Claude Code itself did: 0.016959 USD", () => {
    expect(book.listCost(call)).toBe(16_959_000n);
  });

  test("prices an hour-long cache write above a five-minute one", () => {
    const tokens = { ...NO_TOKENS, cacheWrite1h: 1000 };

    // 1,000 tokens at 6 USD a million; the five-minute rate would be 3.75.
    expect(book.listCost({ ...call, tokens })).toBe(6_000_000n);
  });

  test("has no list cost for an hour-long write that it only has the five-minute rate of, as on Bedrock", () => {
    const bedrock = {
      ...call,
      provider: "aws",
      model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    };
    const oneHour = { ...bedrock, tokens: { ...NO_TOKENS, cacheWrite1h: 1000 } };

    // 1,000 tokens at 4.125 USD a million. At that rate an hour-long write would be 37 % too cheap.
    expect(book.listCost({ ...bedrock, tokens: { ...NO_TOKENS, cacheWrite5m: 1000 } })).toBe(
      4_125_000n,
    );
    expect(callCost(book, oneHour)).toEqual({ basis: "unpriced" });
    expect(callCost(book, { ...oneHour, reportedCostNanoUsd: 6_600_000n })).toEqual({
      basis: "reported",
      costNanoUsd: 6_600_000n,
    });
  });

  test("takes the sender's figure for a call without tokens: an image is not free", () => {
    const image = { ...call, provider: "openai", model: "gpt-image-1", tokens: NO_TOKENS };

    expect(callCost(book, { ...image, reportedCostNanoUsd: 42_000_000n })).toEqual({
      basis: "reported",
      costNanoUsd: 42_000_000n,
    });
    expect(callCost(book, image)).toEqual({ basis: "list", costNanoUsd: 0n });
  });

  test.each([
    // 200,000 tokens of input are the base tier; one more lifts every token of the call.
    [200_000, 600_000_000n],
    [200_001, 1_200_006_000n],
  ])("prices %i tokens of input by the tier of that one call", (uncachedInput, expected) => {
    expect(book.listCost({ ...call, tokens: { ...NO_TOKENS, uncachedInput } })).toBe(expected);
  });

  test("prices by the time of the call: o3 became cheaper on 2025-06-10", () => {
    const o3 = {
      tool: "codex",
      provider: "openai",
      model: "o3",
      tokens: { ...NO_TOKENS, uncachedInput: 1_000_000 },
    };

    expect(book.listCost({ ...o3, timeMs: Date.UTC(2025, 4, 1) })).toBe(10_000_000_000n);
    expect(book.listCost({ ...o3, timeMs: Date.UTC(2025, 6, 1) })).toBe(2_000_000_000n);
  });

  test.each([
    // 00:29:59 UTC is off peak, 00:30 is not, and 16:30 is again.
    ["2025-06-01T00:29:59Z", 135_000_000n],
    ["2025-06-01T00:30:00Z", 270_000_000n],
    ["2025-06-01T16:29:59Z", 270_000_000n],
    ["2025-06-01T16:30:00Z", 135_000_000n],
  ])("prices DeepSeek by the hour of the call: %s", (time, expected) => {
    const tokens = { ...NO_TOKENS, uncachedInput: 1_000_000 };
    const night = { tool: "gen-ai", provider: "deepseek", model: "deepseek-chat", tokens };

    expect(book.listCost({ ...night, timeMs: Date.parse(time) })).toBe(expected);
  });

  test("a tier that is not the standard one has no list price: the sender's figure stands, or none", () => {
    const fast = { ...call, tier: "fast" };

    expect(callCost(book, fast)).toEqual({ basis: "unpriced" });
    expect(callCost(book, { ...fast, reportedCostNanoUsd: 101_754_000n })).toEqual({
      basis: "reported",
      costNanoUsd: 101_754_000n,
    });
    expect(unpricedReason(book, fast)).toBe("no-tier-price");
  });

  test.each([
    [{ model: "composer-1" }, "unknown-model"],
    [
      {
        provider: "aws",
        model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        tokens: { ...NO_TOKENS, cacheWrite1h: 1 },
      },
      "no-rate",
    ],
    [{ model: "composer-1", tier: "batch" }, "unknown-model"],
    [{ tokens: NO_TOKENS, credits: { used: 1, overage: 0 } }, "no-credit-price"],
    [
      { model: "composer-1", reportedForeign: { currency: "EUR", amountNano: 5n } },
      "no-exchange-rate",
    ],
    [{ grain: "window" as const }, "sum-of-calls"],
  ])("says why a call has no price: %o", (change, reason) => {
    expect(callCost(book, { ...call, ...change })).toEqual({ basis: "unpriced" });
    expect(unpricedReason(book, { ...call, ...change })).toBe(reason);
  });

  test("sums up a call exactly: half a nano-USD is rounded away from zero", () => {
    // DeepSeek v4 pro before August 2026: 0.003625 USD a million cached tokens.
    const tokens = { ...NO_TOKENS, cacheRead: 125, uncachedInput: 0 };
    const pro = { tool: "gen-ai", provider: "deepseek", model: "deepseek-v4-pro", tokens };

    // 125 x 3.625 = 453.125 and 4 x 3.625 = 14.5.
    expect(book.listCost({ ...pro, timeMs: Date.UTC(2026, 6, 1) })).toBe(453n);
    expect(
      book.listCost({
        ...pro,
        timeMs: Date.UTC(2026, 6, 1),
        tokens: { ...NO_TOKENS, cacheRead: 4 },
      }),
    ).toBe(15n);
  });

  test("does not know a price that it does not have, instead of calling it free", () => {
    expect(book.listCost({ ...call, model: "composer-1" })).toBeUndefined();
    expect(callCost(book, { ...call, model: "composer-1" })).toEqual({ basis: "unpriced" });
  });

  test("answers the same for a call that it was asked about before", () => {
    expect(book.listCost(call)).toBe(book.listCost({ ...call }));
  });

  test("names the release that is installed", () => {
    const manifest: unknown = JSON.parse(
      readFileSync("node_modules/@pydantic/genai-prices/package.json", "utf8"),
    );
    expect(manifest).toMatchObject({ version: GENAI_PRICES_VERSION.split("@")[1] });
  });
});
