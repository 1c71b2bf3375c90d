import { describe, expect, test } from "vitest";
import type { CostLine } from "../../../shared/ledger/roll-ups.ts";
import { usageProfile } from "../../../shared/scoring/usage-profile.ts";
import { varianceBridge } from "../../../shared/scoring/variance-bridge.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";
import { usd } from "../../support/alerts.ts";
import { aCostLine } from "../../support/user-days.ts";

/** 10 calls of 1,000 uncached tokens at one cent each. */
const TEN_CALLS = line({ calls: 10, input: 10_000, cost: "0.10" });

describe("varianceBridge", () => {
  test("twice the calls of the same kind are more calls, and nothing else", () => {
    const steps = bridge([TEN_CALLS], [line({ calls: 20, input: 20_000, cost: "0.20" })]);

    expect(steps).toEqual([{ step: "calls", changeNanoUsd: usd("0.10") }]);
  });

  test("the same calls with twice the tokens are larger calls", () => {
    const steps = bridge([TEN_CALLS], [line({ calls: 10, input: 20_000, cost: "0.20" })]);

    expect(steps).toEqual([{ step: "call-size", changeNanoUsd: usd("0.10") }]);
  });

  test("the same tokens of the same model for more money are a higher price", () => {
    const steps = bridge([TEN_CALLS], [line({ calls: 10, input: 10_000, cost: "0.15" })]);

    expect(steps).toEqual([{ step: "price", changeNanoUsd: usd("0.05") }]);
  });

  test("the same tokens of a model never used before are a matter of the mix", () => {
    const dear = line({ calls: 10, input: 10_000, cost: "0.50", model: "claude-opus-4-5" });

    expect(bridge([TEN_CALLS], [dear])).toEqual([
      { step: "model-mix", changeNanoUsd: usd("0.40") },
    ]);
  });

  test("tokens that came from the cache before, and now do not, are less caching", () => {
    // 5,000 read at a tenth weigh as 500: a tenth of ten cents' worth for each uncached thousand.
    const cached = line({ calls: 10, input: 5_000, cacheRead: 5_000, cost: "0.055" });

    expect(bridge([cached], [TEN_CALLS])).toEqual([
      { step: "caching", changeNanoUsd: usd("0.045") },
    ]);
  });

  test("spend without token counts is a step of its own", () => {
    const credits = line({ calls: 3, input: 0, cost: "1.25" });

    expect(bridge([TEN_CALLS], [TEN_CALLS, credits])).toEqual(
      expect.arrayContaining([{ step: "without-tokens", changeNanoUsd: usd("1.25") }]),
    );
  });

  test("causes that are known before come first, and the usual use is scaled to where they lead", () => {
    const steps = varianceBridge({
      fromNanoUsd: usd("0.30"),
      before: [{ step: "delivery", changeNanoUsd: usd("0.10") }],
      usual: usageProfile([TEN_CALLS]),
      actual: usageProfile([line({ calls: 50, input: 50_000, cost: "0.50" })]),
    });

    expect(steps).toEqual([
      { step: "delivery", changeNanoUsd: usd("0.10") },
      { step: "calls", changeNanoUsd: usd("0.10") },
    ]);
  });

  test("without any usual use, all of it is more calls", () => {
    expect(bridge([], [TEN_CALLS])).toEqual([{ step: "calls", changeNanoUsd: usd("0.10") }]);
  });
});

function bridge(usual: readonly CostLine[], actual: readonly CostLine[]) {
  const profile = usageProfile(usual);
  return varianceBridge({
    fromNanoUsd: profile.costNanoUsd,
    before: [],
    usual: profile,
    actual: usageProfile(actual),
  });
}

type Use = {
  readonly calls: number;
  readonly input: number;
  readonly cacheRead?: number;
  readonly cost: string;
  readonly model?: string;
};

function line({ calls, input, cacheRead = 0, cost, model = "claude-sonnet-4-5" }: Use): CostLine {
  const tokens = { ...NO_TOKENS, uncachedInput: input, cacheRead };
  return aCostLine({ calls, tokens, costNanoUsd: usd(cost), model });
}
