import { ascending, countBelow, quantileOfSorted } from "../order-statistics.ts";
import { fitCensoredPareto, logSurvivalCost } from "./censored-pareto.ts";

export type TailSettings = {
  /** Above this quantile of the calibration scores, the fitted tail takes over from ranks. */
  readonly bodyShare: number;
  /** Share of the highest scores whose size is not trusted: they may be what we look for. */
  readonly censoredShare: number;
};

/** Turns a score into a p-value: small for scores that are high among the calibration scores. */
export type TailProbability = (score: number) => number;

const FEWEST_UNCENSORED = 10;
const SMALLEST_P = 1e-12;

/**
 * p-values from calibration scores: conformal ranks in the body, and a generalised Pareto tail above,
 * as ranks alone can never be below 1/(n+1). With too few scores for a tail, ranks only.
 *
 * @param calibration Scores of units taken to be normal, in any order.
 */
export function tailProbability(
  calibration: readonly number[],
  { bodyShare, censoredShare }: TailSettings,
): TailProbability {
  const sorted = ascending(calibration);
  const n = sorted.length;
  const rankP = (score: number) => (1 + n - countBelow(sorted, score)) / (n + 1);
  if (n === 0) {
    return rankP;
  }
  const start = quantileOfSorted(sorted, bodyShare);
  const censoredFrom = quantileOfSorted(sorted, 1 - censoredShare);
  const above = sorted.filter((score) => score > start);
  const uncensored = above.filter((score) => score <= censoredFrom).length;
  if (uncensored < FEWEST_UNCENSORED) {
    return rankP;
  }
  const tailShare = (above.length + 1) / (n + 1);
  const tail = fitCensoredPareto(
    above.map((score) => Math.min(score, censoredFrom) - start),
    uncensored,
  );
  return (score) => {
    if (score <= start) {
      return Math.max(rankP(score), tailShare);
    }
    const p = tailShare * Math.exp(-logSurvivalCost(score - start, tail));
    return Math.min(tailShare, Math.max(SMALLEST_P, p));
  };
}
