import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldUserDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { callCost } from "../../../shared/pricing/price-book.ts";
import { PriceSettings } from "../../../shared/pricing/price-settings.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

/** One rule of each kind, a third currency, and models that only the list, or nobody, knows. */
const priceBook = genaiPriceBook(
  PriceSettings.parse({
    rates: [{ currency: "EUR", from: "2026-10-06", usd: "1.0842" }],
    rules: [
      { kind: "credits", tool: "kiro", included: "0.0133", overage: "0.04" },
      { kind: "times-list", tier: "batch", factor: "0.5" },
      {
        kind: "gpu-hours",
        provider: "on-prem",
        pricePerGpuHour: "2.49",
        gpus: 7,
        tokensPerHour: 9_999_991,
      },
      {
        kind: "per-million-tokens",
        model: "house-*",
        currency: "EUR",
        input: "0.123456789",
        output: "7",
      },
    ],
  }),
);

const anEvent = fc
  .record({
    id: fc.uuid(),
    minute: fc.integer({ min: 0, max: 1439 }),
    session: fc.constantFrom("s1", "s2"),
    tool: fc.constantFrom("claude-code", "kiro"),
    provider: fc.constantFrom("anthropic", "on-prem"),
    model: fc.constantFrom("claude-sonnet-4-5", "house-1", "nobody-knows"),
    tier: fc.constantFrom(undefined, "batch", "fast"),
    credits: fc.option(fc.record({ used: fc.nat(10 ** 9), overage: fc.nat(10 ** 9) })),
    input: fc.nat(400_000),
    output: fc.nat(50_000),
    reported: fc.option(fc.bigInt(0n, 10n ** 12n)),
  })
  .map(({ id, minute, tier, credits, input, output, reported, ...rest }) =>
    aUsageEvent({
      ...rest,
      id,
      user: "user-017",
      timeMs: Date.UTC(2026, 9, 6) + minute * 60_000,
      tokens: { uncachedInput: input, output, cacheRead: 0, cacheWrite5m: 0 },
      ...(tier !== undefined && { tier }),
      ...(credits !== null && { credits }),
      ...(reported !== null && { reportedCostNanoUsd: reported }),
    }),
  );

const fold = (events: readonly UsageEvent[]) =>
  foldUserDay("user-017", "2026-10-06", events, { priceBook, authority: REQUESTS_FIRST });

describe("prices of a day", () => {
  test("the calls add up to their lines, the lines to the day, and every call is in one of the four", () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 30 }), (events) => {
        const { userDay } = fold(events);
        const costs = events.map((event) => callCost(priceBook, event));
        const total = costs.reduce(
          (sum, cost) => sum + (cost.basis === "unpriced" ? 0n : cost.costNanoUsd),
          0n,
        );
        const count = (basis: string) => costs.filter((cost) => cost.basis === basis).length;
        const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0);

        expect(userDay.costNanoUsd).toBe(total);
        expect(userDay.lines.reduce((sum, line) => sum + line.costNanoUsd, 0n)).toBe(total);
        expect(userDay.unpricedCalls).toBe(count("unpriced"));
        expect(sumOf(userDay.lines.map((line) => line.reportedBasisCalls))).toBe(count("reported"));
        expect(sumOf(userDay.lines.map((line) => line.configuredBasisCalls ?? 0))).toBe(
          count("configured"),
        );
        expect(sumOf(userDay.lines.map((line) => line.calls))).toBe(events.length);
      }),
    );
  });

  test("neither the order of calls nor pricing them again changes anything", () => {
    fc.assert(
      fc.property(
        fc.array(anEvent, { maxLength: 20 }).chain((events) =>
          fc.record({
            events: fc.constant(events),
            shuffled: fc.shuffledSubarray(events, { minLength: events.length }),
          }),
        ),
        ({ events, shuffled }) => {
          expect(fold(shuffled)).toEqual(fold(events));
          expect(fold(events)).toEqual(fold(events));
        },
      ),
    );
  });
});
