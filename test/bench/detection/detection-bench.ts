import type { BenchResult } from "../bench-result.ts";
import { asDeployed } from "./as-deployed.ts";
import { type BenchPlan, benchPlan, type DetectionOptions } from "./bench-plan.ts";
import { cursorUsageTracker, cursorWithoutFloor } from "./competitors/cursor-usage-tracker.ts";
import { rollingZScore, weekdayMedian } from "./competitors/daily-rules.ts";
import { isolationForest, randomCutForest } from "./competitors/forests.ts";
import { fixedBudget, rawOutcomePerDollar } from "./competitors/weekly-rules.ts";
import { type CostToFool, costToFool, STRENGTHS } from "./cost-to-fool.ts";
import { detectionReport } from "./detection-report.ts";
import { detector, outpaceScorer } from "./detector.ts";
import { gates } from "./gates.ts";
import { type Performance, performanceOf } from "./measures/performance.ts";
import { runScenario } from "./run-scenario.ts";
import { gamedOrganisation, NO_GAMING, strengthScenario } from "./scenarios.ts";
import { stopRuleFigures } from "./stop-rule.ts";

export const OUTPACE = "Outpace";

const DETECTOR = detector(OUTPACE, outpaceScorer);

/** The detector first; a variant to compare with is one more line. */
const CONTESTANTS = [
  DETECTOR,
  fixedBudget,
  rollingZScore,
  weekdayMedian,
  rawOutcomePerDollar,
  cursorUsageTracker,
  cursorWithoutFloor,
  isolationForest,
  randomCutForest,
];

/** The sweep over strengths takes the first of the seeds: it is four scenarios more. So do the nights. */
const SWEEP_SEEDS = 6;
const NIGHTLY_SCENARIOS = ["base", "clean", "chronic", "crunch"];

/** Measures how well gamed weeks of generated organisations are found, against simpler rules. */
export async function detectionBench(options: DetectionOptions): Promise<BenchResult> {
  const plan = benchPlan(options);
  const results = plan.scenarios.map((scenario) => {
    const units = runScenario(scenario, plan.seeds, CONTESTANTS);
    const figures = new Map<string, Performance>(
      [...units].map(([name, judged]) => [name, performanceOf(judged)]),
    );
    return { scenario, figures };
  });
  const ours = new Map(
    results.flatMap(({ scenario, figures }) => {
      const own = figures.get(OUTPACE);
      return own === undefined ? [] : [[scenario.name, own]];
    }),
  );
  const goals = gates(ours, stopRuleFigures(honestOrganisations(plan)));
  const fooling = plan.isWhole ? sweep(plan) : [];
  const nightly = plan.isWhole ? nights(plan) : [];
  return {
    markdown: detectionReport({ seeds: plan.seeds, results, gates: goals, fooling, nightly }),
    figures: {
      seeds: plan.seeds,
      gates: goals,
      costToFool: fooling,
      asDeployed: nightly,
      scenarios: Object.fromEntries(
        results.map(({ scenario, figures }) => [scenario.name, Object.fromEntries(figures)]),
      ),
    },
    missed: goals.filter(({ isMet }) => !isMet).map(({ goal }) => goal),
    isPartial: !plan.isWhole,
  };
}

function honestOrganisations({ scenarios, seeds }: BenchPlan) {
  const base = scenarios.find(({ name }) => name === "base");
  return base === undefined
    ? []
    : seeds.map((seed) => gamedOrganisation({ ...base, gaming: NO_GAMING }, seed).organisation);
}

function nights({ scenarios, seeds }: BenchPlan) {
  return scenarios
    .filter(({ name }) => NIGHTLY_SCENARIOS.includes(name))
    .map((scenario) => ({
      scenario: scenario.name,
      ...asDeployed(scenario, seeds.slice(0, SWEEP_SEEDS)),
    }));
}

function sweep({ seeds }: BenchPlan): readonly CostToFool[] {
  return costToFool(
    STRENGTHS.map((factor) => {
      const scenario = strengthScenario(factor);
      const units = runScenario(scenario, seeds.slice(0, SWEEP_SEEDS), [DETECTOR]);
      return performanceOf(units.get(OUTPACE) ?? []);
    }),
  );
}
