import { CommandError } from "../../../infra/cli/command-line.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";

/** Seeds of the report. Nothing may be tuned on them: for that there are those below 9000. */
export const REPORT_SEEDS = "10000..10011";
const MOST_SEEDS = 200;

export type DetectionOptions = {
  /** `A..B`, both included, or one seed. */
  readonly seeds?: string | undefined;
  readonly scenario?: string | undefined;
};

export type BenchPlan = {
  readonly seeds: readonly number[];
  readonly scenarios: readonly Scenario[];
  /** The report's seeds and every scenario: only that is kept. */
  readonly isWhole: boolean;
};

/** @throws {CommandError} for a range that is none, and a scenario that nobody knows. */
export function benchPlan({ seeds = REPORT_SEEDS, scenario }: DetectionOptions): BenchPlan {
  const scenarios = SCENARIOS.filter(({ name }) => scenario === undefined || name === scenario);
  if (scenarios.length === 0) {
    const names = SCENARIOS.map(({ name }) => name).join(", ");
    throw new CommandError(`--scenario is one of ${names}, got: ${scenario}`);
  }
  return {
    seeds: seedsOf(seeds),
    scenarios,
    isWhole: seeds === REPORT_SEEDS && scenario === undefined,
  };
}

function seedsOf(range: string): readonly number[] {
  const match = /^(\d{1,6})(?:\.\.(\d{1,6}))?$/.exec(range);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match === null || last < first || last - first >= MOST_SEEDS) {
    throw new CommandError(`--seeds is A..B with at most ${MOST_SEEDS} seeds, got: ${range}`);
  }
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
