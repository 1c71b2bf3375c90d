import { CATALOGUE } from "./gaming/catalogue.ts";
import { BASE_TACTICS, EVASIVE_TACTICS, type TacticName } from "./gaming/tactic.ts";
import type { Performance } from "./measures/performance.ts";

export const STRENGTHS = [1.3, 1.5, 2, 3] as const;

export type CostToFool = {
  readonly tactic: TacticName;
  readonly recalls: readonly number[];
  /** Mean dollars a week at the strongest that is found less than half of the time; 0 if none is. */
  readonly hiddenUsd: number;
  readonly effort: string;
};

/** What each tactic hides at best, by Outpace's figures at each of {@link STRENGTHS}. */
export function costToFool(byStrength: readonly Performance[]): readonly CostToFool[] {
  return [...BASE_TACTICS, ...EVASIVE_TACTICS].map((tactic) => {
    const measured = byStrength.map(({ recallByTactic }) => recallByTactic[tactic]);
    const hidden = measured.findLast((each) => each !== undefined && each.recall < 0.5);
    return {
      tactic,
      recalls: measured.map((each) => each?.recall ?? Number.NaN),
      hiddenUsd: hidden?.meanWasteUsd ?? 0,
      effort: CATALOGUE[tactic].effort,
    };
  });
}
