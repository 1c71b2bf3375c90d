import { countBelow, countUpTo, quantileOfSorted } from "../order-statistics.ts";
import { fitCensoredPareto, likelyTails, logSurvivalCost } from "./censored-pareto.ts";

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

/** Share of a tail that is further out than an excess, which is positive. */
type Survival = (excess: number) => number;

/**
 * p-values from calibration scores: conformal ranks in the body, and a generalised Pareto tail above,
 * as ranks alone can never be below 1/(n+1). With too few scores for a tail, ranks only.
 *
 * @param calibration Scores of units taken to be normal, ascending.
 */
export function tailProbability(
  calibration: Float64Array,
  settings: TailSettings,
): TailProbability {
  return withTail(calibration, settings, (excesses, uncensored) => {
    const tail = fitCensoredPareto(excesses, uncensored);
    return (excess) => Math.exp(-logSurvivalCost(excess, tail));
  });
}

/**
 * {@link tailProbability}, averaged over the tails that explain the scores about as well. The tail that fits best
 * is too sure of itself far out, the more so the fewer scores it was fitted to.
 */
export function averagedTailProbability(
  calibration: Float64Array,
  settings: TailSettings,
): TailProbability {
  return withTail(calibration, settings, (excesses, uncensored) => {
    const tails = likelyTails(excesses, uncensored);
    return (excess) =>
      tails.reduce(
        (sum, { weight, tail }) => sum + weight * Math.exp(-logSurvivalCost(excess, tail)),
        0,
      );
  });
}

function withTail(
  sorted: Float64Array,
  { bodyShare, censoredShare }: TailSettings,
  survivalOf: (excesses: Float64Array, uncensored: number) => Survival,
): TailProbability {
  const n = sorted.length;
  const rankP = (score: number) => (1 + n - countBelow(sorted, score)) / (n + 1);
  if (n === 0) {
    return rankP;
  }
  const start = quantileOfSorted(sorted, bodyShare);
  const censoredFrom = quantileOfSorted(sorted, 1 - censoredShare);
  const above = sorted.subarray(countUpTo(sorted, start));
  const uncensored = countUpTo(above, censoredFrom);
  if (uncensored < FEWEST_UNCENSORED) {
    return rankP;
  }
  const tailShare = (above.length + 1) / (n + 1);
  const survival = survivalOf(
    above.map((score) => Math.min(score, censoredFrom) - start),
    uncensored,
  );
  return (score) => {
    if (score <= start) {
      return Math.max(rankP(score), tailShare);
    }
    const p = tailShare * survival(score - start);
    return Math.min(tailShare, Math.max(SMALLEST_P, p));
  };
}
