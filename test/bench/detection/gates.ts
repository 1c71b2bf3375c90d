import { BASE_TACTICS } from "./gaming/tactic.ts";
import type { Performance } from "./measures/performance.ts";

/** Outpace's figures of the scenarios that were run. */
export type DetectorFigures = ReadonlyMap<string, Performance>;

/** What a stop rule alerted of the successful sessions that it did not learn from. */
export type StopRuleFigure = { readonly alpha: number; readonly share: number };

export type Gate = {
  readonly goal: string;
  readonly measured: number;
  readonly isMet: boolean;
};

const LARGEST_FDR = 0.13;
const NAMED = [
  { scenario: "base", leastRecall: 0.75 },
  { scenario: "chronic", leastRecall: 0.65 },
];
const FDR_SCENARIOS = ["base", "contaminated", "chronic", "crunch", "price", "delay"];
const MOST_CLEAN_WEEKS = 0.18;
const LEAST_TACTIC_RECALL = 0.5;
const LARGEST_HARD_TASK_RATIO = 2;

/** Goals that were set before anything was measured. What was not run has none. */
export function gates(
  figures: DetectorFigures,
  stopRule: readonly StopRuleFigure[],
): readonly Gate[] {
  return [
    ...NAMED.flatMap(({ scenario, leastRecall }) =>
      atLeast(`recall in ${scenario}`, figures.get(scenario)?.recall, leastRecall),
    ),
    ...FDR_SCENARIOS.flatMap((scenario) =>
      atMost(`false discovery rate in ${scenario}`, figures.get(scenario)?.fdr, LARGEST_FDR),
    ),
    ...atMost(
      "weeks with any alert in clean",
      figures.get("clean")?.weeksWithAlert,
      MOST_CLEAN_WEEKS,
    ),
    ...atMost(
      "false positives of people with hard tasks, times the rate of all, in base",
      hardTaskRatio(figures.get("base")),
      LARGEST_HARD_TASK_RATIO,
    ),
    ...BASE_TACTICS.flatMap((tactic) =>
      atLeast(
        `recall of ${tactic} in base`,
        figures.get("base")?.recallByTactic[tactic]?.recall,
        LEAST_TACTIC_RECALL,
      ),
    ),
    ...stopRule.map(({ alpha, share }) => ({
      goal: `stop rule at ${alpha}: alerted share of successes within ${0.5 * alpha} and ${round(1.3 * alpha)}`,
      measured: share,
      isMet: share >= 0.5 * alpha && share <= 1.3 * alpha,
    })),
  ];
}

/** 0 while nothing was flagged wrongly; undefined if the scenario was not run. */
export function hardTaskRatio(performance: Performance | undefined): number | undefined {
  const [, , hard] = performance?.falsePositiveRateByTercile ?? [];
  const all = performance?.falsePositiveRate ?? 0;
  return hard === undefined ? undefined : all === 0 ? 0 : hard / all;
}

function atLeast(what: string, measured: number | undefined, limit: number): readonly Gate[] {
  return measured === undefined
    ? []
    : [{ goal: `${what} at least ${limit}`, measured, isMet: measured >= limit }];
}

function atMost(what: string, measured: number | undefined, limit: number): readonly Gate[] {
  return measured === undefined
    ? []
    : [{ goal: `${what} at most ${limit}`, measured, isMet: measured <= limit }];
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
