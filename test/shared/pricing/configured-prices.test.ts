import { describe, expect, test } from "vitest";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { callCost, unpricedReason } from "../../../shared/pricing/price-book.ts";
import { PriceSettings } from "../../../shared/pricing/price-settings.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const bookOf = (prices: object) => genaiPriceBook(PriceSettings.parse(prices));
const costOf = (prices: object, event: Parameters<typeof aUsageEvent>[0]) =>
  callCost(bookOf(prices), aUsageEvent(event));
const configured = (costNanoUsd: bigint) => ({ basis: "configured", costNanoUsd });
const UNPRICED = { basis: "unpriced" };

describe("configured prices per million tokens", () => {
  const contract = {
    kind: "per-million-tokens",
    provider: "anthropic",
    model: "claude-*",
    input: "2.7",
    cacheRead: "0.27",
    cacheWrite5m: "3.375",
    output: "13.5",
  } as const;

  test("go before the list", () => {
    // 123 x 2.7 + 20,000 x 0.27 + 1,000 x 3.375 + 456 x 13.5 USD a million: a tenth off 0.016959.
    expect(costOf({ rules: [contract] }, {})).toEqual(configured(15_263_100n));
  });

  test("a call that uses a bucket without a price is unpriced, not priced by the list", () => {
    const tokens = { cacheWrite1h: 1 };

    expect(costOf({ rules: [contract] }, { tokens })).toEqual(UNPRICED);
    expect(unpricedReason(bookOf({ rules: [contract] }), aUsageEvent({ tokens }))).toBe("no-rate");
    expect(costOf({ rules: [contract] }, { tokens, reportedCostNanoUsd: 7n })).toEqual({
      basis: "reported",
      costNanoUsd: 7n,
    });
  });

  test("a call without tokens keeps its sender's figure: an image is not free", () => {
    const event = { tokens: { ...NO_TOKENS }, reportedCostNanoUsd: 42n };

    expect(costOf({ rules: [contract] }, event)).toEqual({ basis: "reported", costNanoUsd: 42n });
  });

  test.each([
    ["2026-06-30T23:59:59.999Z", { basis: "list", costNanoUsd: 16_959_000n }],
    ["2026-07-01T00:00:00.000Z", configured(15_263_100n)],
    ["2026-09-30T23:59:59.999Z", configured(15_263_100n)],
    ["2026-10-01T00:00:00.000Z", { basis: "list", costNanoUsd: 16_959_000n }],
  ])("hold from their first UTC day to the day before the last: %s", (time, expected) => {
    const rules = [{ ...contract, from: "2026-07-01", to: "2026-10-01" }];

    expect(costOf({ rules }, { timeMs: Date.parse(time) })).toEqual(expected);
  });

  test("of two rules that fit, the first decides", () => {
    const special = { ...contract, model: "claude-sonnet-*", input: "0", output: "0" };
    const rules = [{ ...special, cacheRead: "0", cacheWrite5m: "0" }, contract];

    expect(costOf({ rules }, {})).toEqual(configured(0n));
    expect(costOf({ rules }, { model: "claude-opus-4-5" })).toEqual(configured(15_263_100n));
  });

  test("are the same for every call, so a sum of calls has them, too", () => {
    expect(costOf({ rules: [contract] }, { grain: "day" })).toEqual(configured(15_263_100n));
  });
});

describe("configured multiples of the list price", () => {
  test("a discount of 15 % is the list price times 0.85, rounded once", () => {
    const rules = [{ kind: "times-list", provider: "anthropic", factor: "0.85" }] as const;

    // 16,959,000 x 0.85.
    expect(costOf({ rules }, {})).toEqual(configured(14_415_150n));
    expect(costOf({ rules }, { model: "claude-sonnet-9" })).toEqual(UNPRICED);
  });

  test("price a tier that the list does not know, and the standard one stays as it is", () => {
    const rules = [
      { kind: "times-list", tier: "batch", factor: "0.5" },
      { kind: "times-list", tier: "fast", model: "claude-opus-*", factor: "6" },
    ] as const;

    expect(costOf({ rules }, { tier: "batch" })).toEqual(configured(8_479_500n));
    expect(costOf({ rules }, {})).toEqual({ basis: "list", costNanoUsd: 16_959_000n });
    expect(costOf({ rules }, { tier: "fast" })).toEqual(UNPRICED);
    // 123 x 5 + 20,000 x 0.5 + 1,000 x 6.25 + 456 x 25 = 28,265 millionths; times 6.
    expect(costOf({ rules }, { tier: "fast", model: "claude-opus-4-5" })).toEqual(
      configured(169_590_000n),
    );
  });

  test("a rule for every tier holds for each of them", () => {
    const rules = [{ kind: "times-list", tier: "any", factor: "1" }] as const;

    expect(costOf({ rules }, { tier: "flex" })).toEqual(configured(16_959_000n));
    expect(costOf({ rules }, {})).toEqual(configured(16_959_000n));
  });

  test("a sum of calls has none: the list's tiers look at single calls", () => {
    const rules = [{ kind: "times-list", factor: "0.85" }] as const;

    expect(costOf({ rules }, { grain: "window" })).toEqual(UNPRICED);
  });
});

describe("configured prices of credits", () => {
  const kiro = { kind: "credits", tool: "kiro*", included: "0.02", overage: "0.04" } as const;
  const event = { tool: "kiro", provider: "kiro", model: "auto", tokens: NO_TOKENS };

  test("credits within the plan and beyond it cost what each is said to", () => {
    // 12.5 x 0.02 + 3.25 x 0.04 USD.
    const credits = { used: 12_500_000, overage: 3_250_000 };

    expect(costOf({ rules: [kiro] }, { ...event, credits })).toEqual(configured(380_000_000n));
  });

  test("a millionth of a credit is counted, and half a nano-USD rounded up", () => {
    const rules = [{ ...kiro, included: "0.0005" }];

    expect(costOf({ rules }, { ...event, credits: { used: 1, overage: 0 } })).toEqual(
      configured(1n),
    );
  });

  test("no rule, no price: no vendor's rate is assumed", () => {
    expect(costOf({}, { ...event, credits: { used: 1, overage: 0 } })).toEqual(UNPRICED);
  });

  test("a call without credits is not theirs", () => {
    const rules = [{ ...kiro, tool: "*" }];

    expect(costOf({ rules }, {})).toEqual({ basis: "list", costNanoUsd: 16_959_000n });
  });
});

describe("configured prices of own machines", () => {
  const cluster = {
    kind: "gpu-hours",
    provider: "on-prem",
    pricePerGpuHour: "2.50",
    gpus: 8,
    tokensPerHour: 6_000_000,
  } as const;
  const tokens = { ...NO_TOKENS, uncachedInput: 9_000, output: 3_000 };
  const event = { provider: "on-prem", model: "llama-4-maverick", tokens };

  test("an hour of all GPUs is spread over the tokens measured in an hour", () => {
    // 20 USD an hour over 6 million tokens; 12,000 of them.
    expect(costOf({ rules: [cluster] }, event)).toEqual(configured(40_000_000n));
  });

  test("a bucket that takes less of the machine weighs less", () => {
    const rules = [{ ...cluster, weights: { input: "0.25", cacheRead: "0" } }];

    // 9,000 / 4 + 3,000 = 5,250 tokens of 20 USD / 6 million.
    expect(costOf({ rules }, { ...event, tokens: { ...tokens, cacheRead: 70_000 } })).toEqual(
      configured(17_500_000n),
    );
  });
});

describe("configured prices in another currency", () => {
  const rules = [
    { kind: "per-million-tokens", model: "house-*", currency: "EUR", output: "10" },
  ] as const;
  const rates = [
    { currency: "EUR", from: "2026-11-01", usd: "1.20" },
    { currency: "EUR", from: "2026-10-01", usd: "1.10" },
  ];
  const tokens = { ...NO_TOKENS, output: 1000 };

  test.each([
    ["2026-10-01T00:00:00Z", configured(11_000_000n)],
    ["2026-10-31T23:59:59Z", configured(11_000_000n)],
    ["2026-11-01T00:00:00Z", configured(12_000_000n)],
    ["2026-09-30T23:59:59Z", UNPRICED],
  ])("are converted at the rate in force on the UTC day of the call: %s", (time, expected) => {
    const event = { model: "house-1", tokens, timeMs: Date.parse(time) };

    expect(costOf({ rules, rates }, event)).toEqual(expected);
  });

  test("without a rate on the day, the reason is the rate", () => {
    const event = aUsageEvent({ model: "house-1", tokens, timeMs: Date.UTC(2026, 8, 1) });

    expect(unpricedReason(bookOf({ rules, rates }), event)).toBe("no-exchange-rate");
  });

  test("so is what a sender reports, and a rate can come later", () => {
    const event = {
      model: "composer-1",
      reportedForeign: { currency: "EUR", amountNano: 2_000_000_005n },
    };

    expect(costOf({}, event)).toEqual(UNPRICED);
    expect(costOf({ rates }, event)).toEqual({ basis: "reported", costNanoUsd: 2_200_000_006n });
  });
});

describe("the version of the book", () => {
  const rule = { kind: "times-list", factor: "0.85" } as const;

  test("is the list's own where nothing is configured to price calls", () => {
    expect(bookOf({}).version).toBe("genai-prices@0.1.8");
  });

  test("tells one configuration from another, and the same one as the same", () => {
    const version = bookOf({ rules: [rule] }).version;

    expect(version).toMatch(/^genai-prices@0\.1\.8\+[0-9a-f]{8}$/);
    expect(bookOf({ rules: [{ ...rule }] }).version).toBe(version);
    expect(bookOf({ rules: [{ ...rule, factor: "0.86" }] }).version).not.toBe(version);
  });

  test("is the same for settings that went through JSON, as on their way to a function", () => {
    const settings = PriceSettings.parse({ rules: [rule] });
    const sent = PriceSettings.parse(JSON.parse(JSON.stringify(settings)));

    expect(genaiPriceBook(sent).version).toBe(genaiPriceBook(settings).version);
  });
});
