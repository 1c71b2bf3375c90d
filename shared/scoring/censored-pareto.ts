import { type Curve, newtonMinimum } from "./newton-minimum.ts";

/** A generalised Pareto distribution of what is above the start of a tail. */
export type ParetoTail = { readonly scale: number; readonly shape: number };

/** Prior of the shape: near exponential. */
const SHAPE_MEAN = 0.05;
const SHAPE_SD = 0.1;
const SMALLEST_SHAPE = -0.1;
const LARGEST_SHAPE = 0.5;
const SMALLEST_SCALE = 1e-3;

/**
 * Generalised Pareto distribution by penalised maximum likelihood.
 *
 * @param excesses Ascending distances above the start of the tail; those from `uncensored` on are
 *   only known to be at least as large.
 */
export function fitCensoredPareto(excesses: Float64Array, uncensored: number): ParetoTail {
  const { logScale, shape } = bestFit(excesses, uncensored);
  return paretoTail(logScale, shape);
}

/** A tail that explains the excesses, and how much it has to say beside the others: weights sum to 1. */
export type WeighedTail = { readonly weight: number; readonly tail: ParetoTail };

/**
 * Tails about the best one, as likely as few excesses leave them: the normal approximation of the posterior
 * of (logarithm of the scale, shape), in the 25 nodes of Gauss-Hermite quadrature. The fewer the excesses,
 * the further the tails are apart.
 *
 * @param excesses As for {@link fitCensoredPareto}.
 */
export function likelyTails(excesses: Float64Array, uncensored: number): readonly WeighedTail[] {
  const { logScale, shape } = bestFit(excesses, uncensored);
  const { hessian } = penalisedLoss(excesses, uncensored, logScale, shape);
  const [[scaleScale = 0, scaleShape = 0] = [], [, shapeShape = 0] = []] = hessian;
  const determinant = scaleScale * shapeShape - scaleShape ** 2;
  if (!(scaleScale > 0 && determinant > 0)) {
    return [{ weight: 1, tail: paretoTail(logScale, shape) }];
  }
  // A root of the covariance, which is the inverse of the curvature: the scale first, the shape given it.
  const scaleSd = Math.sqrt(shapeShape / determinant);
  const shapeByScale = -scaleShape / (determinant * scaleSd);
  const shapeSd = 1 / Math.sqrt(shapeShape);
  return NORMAL_NODES.flatMap((first) =>
    NORMAL_NODES.map((second) => ({
      weight: first.weight * second.weight,
      tail: paretoTail(
        logScale + scaleSd * first.at,
        shape + shapeByScale * first.at + shapeSd * second.at,
      ),
    })),
  );
}

const [NEAR, FAR] = [Math.sqrt(5 - Math.sqrt(10)), Math.sqrt(5 + Math.sqrt(10))];
const [NEAR_WEIGHT, FAR_WEIGHT] = [(7 + 2 * Math.sqrt(10)) / 60, (7 - 2 * Math.sqrt(10)) / 60];
/** Roots of the fifth Hermite polynomial: exact for powers up to nine of a standard normal variable. */
const NORMAL_NODES = [
  { at: -FAR, weight: FAR_WEIGHT },
  { at: -NEAR, weight: NEAR_WEIGHT },
  { at: 0, weight: 8 / 15 },
  { at: NEAR, weight: NEAR_WEIGHT },
  { at: FAR, weight: FAR_WEIGHT },
];

function bestFit(excesses: Float64Array, uncensored: number) {
  const sum = excesses.reduce((a, b) => a + b, 0);
  // Of an exponential tail, which the prior is near, this is the scale: few steps lead from it.
  const start = Math.max(sum / Math.max(1, uncensored), SMALLEST_SCALE);
  const [logScale = 0, shape = SHAPE_MEAN] = newtonMinimum(
    ([logSigma = 0, xi = 0]) => penalisedLoss(excesses, uncensored, logSigma, xi),
    [Math.log(start), SHAPE_MEAN],
  );
  return { logScale, shape };
}

function paretoTail(logScale: number, shape: number): ParetoTail {
  return {
    scale: Math.exp(logScale),
    shape: Math.min(LARGEST_SHAPE, Math.max(SMALLEST_SHAPE, shape)),
  };
}

/** Minus the logarithm of the share above `excess`; `Infinity` past the end of the distribution. */
export function logSurvivalCost(excess: number, { scale, shape }: ParetoTail): number {
  const reduced = excess / scale;
  return 1 + shape * reduced > 0 ? reduced * logRatio(shape * reduced) : Number.POSITIVE_INFINITY;
}

/**
 * Minus the logarithm of the likelihood, with the penalty of the shape, and its derivatives by
 * (logarithm of the scale, shape).
 */
function penalisedLoss(
  excesses: Float64Array,
  uncensored: number,
  logScale: number,
  shape: number,
): Curve {
  const scale = Math.exp(logScale);
  const off = (shape - SHAPE_MEAN) / SHAPE_SD;
  let value = 0.5 * off * off;
  let [byScale, byShape] = [0, off / SHAPE_SD];
  let [curvatureOfScale, curvatureOfBoth, curvatureOfShape] = [0, 0, 1 / SHAPE_SD ** 2];
  for (let index = 0; index < excesses.length; index++) {
    const reduced = (excesses[index] ?? 0) / scale;
    const z = shape * reduced;
    if (!(1 + z > 0)) {
      return UNDEFINED;
    }
    // The density is the survival times the hazard; a censored value has its survival only.
    const isKnown = index < uncensored ? 1 : 0;
    const weight = 1 + isKnown * shape;
    const ratio = logRatio(z);
    const first = logRatioDerivative(z, ratio);
    const cost = reduced * ratio;
    const hazard = reduced / (1 + z);
    const costByShape = reduced * reduced * first;
    value += cost * weight + isKnown * logScale;
    byScale += isKnown - weight * hazard;
    byShape += isKnown * cost + weight * costByShape;
    curvatureOfScale += (weight * hazard) / (1 + z);
    curvatureOfBoth += weight * hazard * hazard - isKnown * hazard;
    curvatureOfShape +=
      2 * isKnown * costByShape + weight * reduced ** 3 * logRatioSecondDerivative(z, first);
  }
  return {
    value,
    gradient: [byScale, byShape],
    hessian: [
      [curvatureOfScale, curvatureOfBoth],
      [curvatureOfBoth, curvatureOfShape],
    ],
  };
}

const UNDEFINED: Curve = {
  value: Number.POSITIVE_INFINITY,
  gradient: [0, 0],
  hessian: [
    [1, 0],
    [0, 1],
  ],
};

/** ln(1 + z) / z, which is 1 at zero. */
function logRatio(z: number): number {
  return z === 0 ? 1 : Math.log1p(z) / z;
}

/** Near zero the derivatives are differences of nearly equal numbers, but a series is short. */
const NEAR_ZERO = 0.01;

/** Derivative of {@link logRatio}, whose value is `ratio`: near zero, of 1 − z/2 + z²/3 − … */
function logRatioDerivative(z: number, ratio: number): number {
  return Math.abs(z) > NEAR_ZERO
    ? (1 / (1 + z) - ratio) / z
    : -1 / 2 +
        z *
          (2 / 3 +
            z * (-3 / 4 + z * (4 / 5 + z * (-5 / 6 + z * (6 / 7 + z * (-7 / 8 + (z * 8) / 9))))));
}

/** Second derivative of {@link logRatio}, whose first is `first`. */
function logRatioSecondDerivative(z: number, first: number): number {
  const inverse = 1 / (1 + z);
  return Math.abs(z) > NEAR_ZERO
    ? -(inverse * inverse + 2 * first) / z
    : 2 / 3 +
        z * (-6 / 4 + z * (12 / 5 + z * (-20 / 6 + z * (30 / 7 + z * (-42 / 8 + (z * 56) / 9)))));
}
