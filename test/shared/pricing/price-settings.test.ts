import { describe, expect, test } from "vitest";
import * as z from "zod";
import { PriceSettings } from "../../../shared/pricing/price-settings.ts";

function faultsOf(prices: unknown): readonly string[] {
  const result = PriceSettings.safeParse(prices);
  return (result.error?.issues ?? []).map(
    ({ path, message }) => `${z.core.toDotPath(path)}: ${message}`,
  );
}

const half = { kind: "times-list", factor: "0.5" };

describe("PriceSettings", () => {
  test("nothing is configured by default", () => {
    expect(PriceSettings.parse(undefined)).toEqual({ rates: [], rules: [], seats: [] });
  });

  test.each<[string, unknown, string]>([
    [
      "a kind that is none",
      { rules: [{ kind: "discount", factor: "0.5" }] },
      "rules[0].kind: must be per-million-tokens, times-list, credits or gpu-hours",
    ],
    [
      "a price that is a floating number",
      { rules: [{ kind: "times-list", factor: 0.5 }] },
      "rules[0].factor: must be a decimal number as text, not negative, such as 1.25",
    ],
    [
      "a day that no calendar has",
      { rules: [{ ...half, from: "2026-02-30" }] },
      "rules[0].from: must be a day in UTC, such as 2026-10-01",
    ],
    [
      "a period that ends before it begins",
      { rules: [{ ...half, from: "2026-10-01", to: "2026-10-01" }] },
      "rules[0].to: must be after from: the day itself is not included",
    ],
    [
      "a field that no rule has, such as a misspelt bucket",
      { rules: [{ kind: "per-million-tokens", inputs: "3", output: "5" }] },
      'rules[0]: Unrecognized key: "inputs"',
    ],
    [
      "a rule that prices nothing",
      { rules: [{ kind: "per-million-tokens", model: "x" }] },
      "rules[0]: prices nothing: say at least one of input, cacheRead, cacheWrite5m, cacheWrite1h, output",
    ],
    [
      "a rule behind one that fits all of its calls",
      {
        rules: [
          { ...half, model: "claude-*" },
          { ...half, model: "claude-opus-*", to: "2027-01-01" },
        ],
      },
      "rules[1]: can never price a call: rules[0] fits all of them and comes first",
    ],
    [
      "two rules for the same calls whose days overlap",
      {
        rules: [
          { ...half, to: "2026-11-02" },
          { ...half, from: "2026-11-01" },
        ],
      },
      "rules[1]: overlaps rules[0]: the same calls on the same days; set from and to",
    ],
    [
      "a currency without a rate",
      { rules: [{ kind: "credits", currency: "EUR", included: "0", overage: "0.04" }] },
      "rules[0].currency: there is no rate of EUR in rates",
    ],
    [
      "two rates of one currency and day",
      {
        rates: [
          { currency: "EUR", from: "2026-10-01", usd: "1.1" },
          { currency: "EUR", from: "2026-10-01", usd: "1.2" },
        ],
      },
      "rates[1].from: another rate of EUR begins on this day",
    ],
    [
      "a rate of nothing",
      { rates: [{ currency: "EUR", from: "2026-10-01", usd: "0.00" }] },
      "rates[0].usd: must be more than 0",
    ],
  ])("refuses %s", (_, prices, fault) => {
    expect(faultsOf(prices)).toEqual([fault]);
  });

  test.each<[string, readonly object[]]>([
    [
      "one after the other",
      [
        { ...half, to: "2026-11-01" },
        { ...half, from: "2026-11-01" },
      ],
    ],
    [
      "a narrower one first",
      [
        { ...half, model: "claude-opus-*" },
        { ...half, model: "claude-*" },
      ],
    ],
    ["of other tiers", [{ ...half, tier: "batch" }, half]],
    [
      "one for credits before one for tokens",
      [
        { kind: "credits", tool: "kiro", included: "0", overage: "0" },
        { ...half, tool: "kiro" },
      ],
    ],
  ])("takes rules %s", (_, rules) => {
    expect(faultsOf({ rules })).toEqual([]);
  });
});
