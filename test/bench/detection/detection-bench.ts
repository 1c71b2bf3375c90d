import type { BenchResult } from "../bench-result.ts";
import { benchPlan, type DetectionOptions } from "./bench-plan.ts";
import { rollingZScore, weekdayMedian } from "./competitors/daily-rules.ts";
import { fixedBudget, rawOutcomePerDollar } from "./competitors/weekly-rules.ts";
import { detectionReport } from "./detection-report.ts";
import { detector, outpaceScorer } from "./detector.ts";
import { gates } from "./gates.ts";
import { type Performance, performanceOf } from "./measures/performance.ts";
import { runScenario } from "./run-scenario.ts";

export const OUTPACE = "Outpace";

/** The detector first; a variant to compare with is one more line. */
const CONTESTANTS = [
  detector(OUTPACE, outpaceScorer),
  fixedBudget,
  rollingZScore,
  weekdayMedian,
  rawOutcomePerDollar,
];

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
  const goals = gates(ours, []);
  return {
    markdown: detectionReport({ seeds: plan.seeds, results, gates: goals }),
    figures: {
      seeds: plan.seeds,
      gates: goals,
      scenarios: Object.fromEntries(
        results.map(({ scenario, figures }) => [scenario.name, Object.fromEntries(figures)]),
      ),
    },
    missed: goals.filter(({ isMet }) => !isMet).map(({ goal }) => goal),
    isPartial: !plan.isWhole,
  };
}
