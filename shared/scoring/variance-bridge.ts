import { type NanoUsd, nanoUsdFromNumber, usdForStatistics } from "../money/nano-usd.ts";
import type { UsageProfile } from "./usage-profile.ts";

/** What a difference in dollars comes from, in the order in which a bridge takes them. */
export const BRIDGE_STEPS = [
  /** Less, or more, was delivered than usual. */
  "delivery",
  /** What is usual here is not what is usual among comparable people. */
  "usual-level",
  "calls",
  /** Tokens in one call. */
  "call-size",
  "model-mix",
  "caching",
  "price",
  /** Spend that comes without token counts. */
  "without-tokens",
] as const;
export type BridgeStepName = (typeof BRIDGE_STEPS)[number];

export type BridgeStep = { readonly step: BridgeStepName; readonly changeNanoUsd: NanoUsd };

export type BridgeInput = {
  readonly fromNanoUsd: NanoUsd;
  /** Steps before the use of models is looked at. */
  readonly before: readonly BridgeStep[];
  /** How money is usually used up. Its size does not matter: it is scaled to where the steps before lead. */
  readonly usual: UsageProfile;
  readonly actual: UsageProfile;
};

/**
 * Leads from an expected amount to the actual one by its causes, each with its dollars: the
 * price-volume-mix analysis of management accounting, with one quantity changed at a time. The
 * changes add up exactly to the difference; what rounding leaves is in the largest of them.
 *
 * @returns The steps that change anything, in the order of {@link BRIDGE_STEPS}.
 */
export function varianceBridge({
  fromNanoUsd,
  before,
  usual,
  actual,
}: BridgeInput): readonly BridgeStep[] {
  const start = before.reduce((sum, { changeNanoUsd }) => sum + changeNanoUsd, fromNanoUsd);
  const changes = usageChanges(usual, actual, usdForStatistics(start)).map(([step, usd]) => ({
    step,
    changeNanoUsd: nanoUsdFromNumber(usd),
  }));
  const reached = changes.reduce((sum, { changeNanoUsd }) => sum + changeNanoUsd, start);
  const rest = actual.costNanoUsd - reached;
  const largest = changes.reduce((a, b) => (size(b) > size(a) ? b : a));
  return [
    ...before,
    ...changes.map((change) =>
      change === largest ? { ...change, changeNanoUsd: change.changeNanoUsd + rest } : change,
    ),
  ].filter(({ changeNanoUsd }) => changeNanoUsd !== 0n);
}

function size({ changeNanoUsd }: BridgeStep): NanoUsd {
  return changeNanoUsd < 0n ? -changeNanoUsd : changeNanoUsd;
}

type Changes = readonly [Change, ...Change[]];
type Change = readonly [BridgeStepName, number];

/** The dollars between the usual profile, scaled to cost `usualUsd`, and the actual one. */
function usageChanges(usual: UsageProfile, actual: UsageProfile, usualUsd: number): Changes {
  const costUsd = usdForStatistics(usual.costNanoUsd);
  const scale = costUsd > 0 ? usualUsd / costUsd : 0;
  const [then, now] = [factorsOf(usual, scale), factorsOf(actual, 1)];
  const withoutTokens = ["without-tokens", now.untokenedUsd - then.untokenedUsd] as const;
  if (then.tokens === 0 || now.tokens === 0 || then.calls === 0 || now.calls === 0) {
    return [["calls", now.tokenedUsd - then.tokenedUsd], withoutTokens];
  }
  const models = [...new Set([...then.models.keys(), ...now.models.keys()])].sort();
  const perToken = (weigh: (model: string) => number) =>
    models.reduce((sum, model) => sum + weigh(model), 0);
  // A model that is new has no usual caching or price: all of its difference is one of the mix.
  const old = (model: string) => then.models.get(model) ?? now.models.get(model) ?? NO_MODEL;
  const own = (model: string) => now.models.get(model) ?? NO_MODEL;
  const share = (factors: Factors, model: string) => factors.models.get(model)?.share ?? 0;
  const usualRate = perToken((m) => share(then, m) * old(m).caching * old(m).price);
  const mixRate = perToken((m) => share(now, m) * old(m).caching * old(m).price);
  const cacheRate = perToken((m) => share(now, m) * own(m).caching * old(m).price);
  const actualRate = perToken((m) => share(now, m) * own(m).caching * own(m).price);
  const sameSizeTokens = now.calls * (then.tokens / then.calls);
  return [
    ["calls", (sameSizeTokens - then.tokens) * usualRate],
    ["call-size", (now.tokens - sameSizeTokens) * usualRate],
    ["model-mix", now.tokens * (mixRate - usualRate)],
    ["caching", now.tokens * (cacheRate - mixRate)],
    ["price", now.tokens * (actualRate - cacheRate)],
    withoutTokens,
  ];
}

type ModelFactors = {
  /** Of all plain tokens. */
  readonly share: number;
  /** Priced for plain tokens: below 1 where caching saves. */
  readonly caching: number;
  /** USD for a priced token. */
  readonly price: number;
};

type Factors = {
  readonly calls: number;
  /** Plain tokens. */
  readonly tokens: number;
  readonly tokenedUsd: number;
  readonly untokenedUsd: number;
  readonly models: ReadonlyMap<string, ModelFactors>;
};

const NO_MODEL: ModelFactors = { share: 0, caching: 0, price: 0 };

function factorsOf({ costNanoUsd, calls, models }: UsageProfile, scale: number): Factors {
  const uses = [...models.values()];
  const tokens = uses.reduce((sum, use) => sum + use.plainTokens, 0);
  const tokened = uses.reduce((sum, use) => sum + use.costNanoUsd, 0n);
  return {
    calls: calls * scale,
    tokens: tokens * scale,
    tokenedUsd: usdForStatistics(tokened) * scale,
    untokenedUsd: usdForStatistics(costNanoUsd - tokened) * scale,
    models: new Map(
      [...models].map(([model, use]) => [
        model,
        {
          share: use.plainTokens / tokens,
          caching: use.pricedTokens / use.plainTokens,
          price: usdForStatistics(use.costNanoUsd) / use.pricedTokens,
        },
      ]),
    ),
  };
}
