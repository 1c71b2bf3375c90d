import { nelderMead } from "./nelder-mead.ts";
import { ascending, countBelow, quantileOfSorted } from "./order-statistics.ts";

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
/** Prior of the shape: near exponential. */
const SHAPE_MEAN = 0.05;
const SHAPE_SD = 0.1;
const SMALLEST_SHAPE = -0.1;
const LARGEST_SHAPE = 0.5;

export type ParetoTail = { readonly scale: number; readonly shape: number };

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
    Array.from(above, (score) => Math.min(score, censoredFrom) - start),
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

/**
 * Generalised Pareto distribution by penalised maximum likelihood.
 *
 * @param excesses Ascending distances above the start of the tail; those from `uncensored` on are
 *   only known to be at least as large.
 */
export function fitCensoredPareto(excesses: readonly number[], uncensored: number): ParetoTail {
  const mean = excesses.reduce((a, b) => a + b, 0) / excesses.length;
  const [logScale = 0, shape = SHAPE_MEAN] = nelderMead(
    ([logSigma = 0, xi = 0]) => penalisedLoss(excesses, uncensored, logSigma, xi),
    [Math.log(Math.max(mean, 1e-3)), SHAPE_MEAN],
    0.1,
  );
  return {
    scale: Math.exp(logScale),
    shape: Math.min(LARGEST_SHAPE, Math.max(SMALLEST_SHAPE, shape)),
  };
}

function penalisedLoss(
  excesses: readonly number[],
  uncensored: number,
  logScale: number,
  shape: number,
): number {
  const tail = { scale: Math.exp(logScale), shape };
  let loss = 0.5 * ((shape - SHAPE_MEAN) / SHAPE_SD) ** 2;
  for (const [index, excess] of excesses.entries()) {
    const cost = logSurvivalCost(excess, tail);
    // The density is the survival times the hazard; a censored value has its survival only.
    loss += index < uncensored ? cost * (1 + shape) + logScale : cost;
  }
  return Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss;
}

/** Minus the logarithm of the share above `excess`; `Infinity` past the end of the distribution. */
function logSurvivalCost(excess: number, { scale, shape }: ParetoTail): number {
  const reduced = excess / scale;
  if (Math.abs(shape) < 1e-6) {
    return reduced;
  }
  return 1 + shape * reduced > 0 ? Math.log1p(shape * reduced) / shape : Number.POSITIVE_INFINITY;
}
