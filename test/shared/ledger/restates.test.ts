import { describe, expect, test } from "vitest";
import { restates } from "../../../shared/ledger/restates.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const stored = aUsageEvent({ reportedCostNanoUsd: 16_959_000n, tokens: { reasoning: 7 } });
type Changes = Parameters<typeof aUsageEvent>[0];

describe("restates", () => {
  test.each<[string, Changes]>([
    ["with a clock that was set in between", { timeMs: stored.timeMs + 900 }],
    ["with a key that names its person", { attribution: "bound" }],
    ["with other labels", { agent: "a2", useCase: "u", repository: "r", branch: "b", commit: "c" }],
    ["with the estimate unrounded", { reportedCostNanoUsd: 16_958_500n }],
    ["by a source that does not tell reasoning apart", { tokens: { reasoning: 0 } }],
  ])("is true of the same call %s: there is nothing to look into", (_, changes) => {
    const { reportedCostNanoUsd } = stored;
    const sent = aUsageEvent({ reportedCostNanoUsd: reportedCostNanoUsd ?? 0n, ...changes });

    expect(restates(stored, sent)).toBe(true);
  });

  test("is true of the same call without its estimate", () => {
    expect(restates(stored, aUsageEvent())).toBe(true);
  });

  test("is false of an estimate that the ledger lacks: it may be all that prices the call", () => {
    expect(restates(aUsageEvent(), stored)).toBe(false);
  });

  test("is false of an estimate in another currency that the ledger lacks, or has otherwise", () => {
    const reportedForeign = { currency: "EUR", amountNano: 5n };
    const inEuro = aUsageEvent({ reportedForeign });

    expect(restates(inEuro, aUsageEvent({ reportedForeign }))).toBe(true);
    expect(restates(inEuro, aUsageEvent())).toBe(true);
    expect(restates(aUsageEvent(), inEuro)).toBe(false);
    expect(
      restates(inEuro, aUsageEvent({ reportedForeign: { currency: "GBP", amountNano: 5n } })),
    ).toBe(false);
  });

  test.each<[string, Changes]>([
    ["another model", { model: "claude-opus-4-5" }],
    ["another provider", { provider: "aws" }],
    ["another grain", { grain: "window" }],
    ["other tokens", { tokens: { cacheWrite5m: 0, cacheWrite1h: 1000 } }],
    ["another estimate", { reportedCostNanoUsd: 16_960_001n }],
  ])("is false of %s: one of the two is wrong", (_, changes) => {
    const sent = aUsageEvent({ reportedCostNanoUsd: 16_959_000n, ...changes });

    expect(restates(stored, sent)).toBe(false);
  });
});
