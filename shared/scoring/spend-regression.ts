import { solveLinear } from "./linear-system.ts";
import { robustScale } from "./order-statistics.ts";

export type SpendObservation = {
  readonly logCost: number;
  /** Delivery units. */
  readonly credit: number;
  readonly cohort: string;
};

/** Expected logarithm of cost, given credited delivery and cohort. */
export type SpendModel = {
  readonly intercept: number;
  /** Of ln(1 + credit). */
  readonly slope: number;
  /** Added where next to nothing was delivered: credit below one half. */
  readonly undelivered: number;
  /** A cohort that the fit has not seen has none: it is taken as average. */
  readonly cohorts: ReadonlyMap<string, number>;
};

const PASSES = 6;
const HUBER_THRESHOLD = 1.345;
const SMALLEST_SCALE = 1e-9;
const RIDGE = [0, 0.01, 1] as const;
const COHORT_RIDGE = 1;
/** So heavy a penalty on the slope that it is zero. */
const FLAT_RIDGE = 1e12;

/**
 * Regression of log cost on delivery and cohort by iteratively reweighted least squares with Huber
 * weights, so that a few extreme windows do not move it, and a ridge penalty, so that a small
 * cohort stays near the average. The slope is never below zero: where nearly everybody delivers the
 * same, one dear week with a little less would make delivering nothing look expensive.
 */
export function fitSpend(observations: readonly SpendObservation[]): SpendModel {
  const design = designOf(observations);
  const weights = new Float64Array(observations.length).fill(1);
  let fit = weightedFit(design, weights);
  for (let pass = 1; pass < PASSES; pass++) {
    reweigh(weights, design, fit);
    fit = weightedFit(design, weights);
  }
  const [intercept, slope, undelivered] = fit.beta;
  const cohorts = new Map(design.names.map((name, at) => [name, fit.effects[at] ?? 0]));
  return { intercept, slope, undelivered, cohorts };
}

export function expectedLogCost(model: SpendModel, { credit, cohort }: SpendObservation): number {
  return (
    model.intercept +
    model.slope * Math.log1p(credit) +
    model.undelivered * isUndelivered(credit) +
    (model.cohorts.get(cohort) ?? 0)
  );
}

/** Of an observation: one, what was delivered, and whether nothing was. */
type Features = readonly [number, number, number];

/** Observations in columns. */
type Design = {
  readonly logCosts: Float64Array;
  readonly features: readonly Features[];
  /** Positions of their cohorts among the names. */
  readonly cohorts: Int32Array;
  readonly names: readonly string[];
};

function designOf(observations: readonly SpendObservation[]): Design {
  const positions = new Map<string, number>();
  for (const { cohort } of observations) {
    positions.set(cohort, positions.get(cohort) ?? positions.size);
  }
  return {
    logCosts: Float64Array.from(observations, ({ logCost }) => logCost),
    features: observations.map(({ credit }) => [1, Math.log1p(credit), isUndelivered(credit)]),
    cohorts: Int32Array.from(observations, ({ cohort }) => positions.get(cohort) ?? 0),
    names: [...positions.keys()],
  };
}

function isUndelivered(credit: number): number {
  return credit < 0.5 ? 1 : 0;
}

type Fit = {
  /** Of the features, in their order. */
  readonly beta: Features;
  /** Of the cohorts, in the order of their names. */
  readonly effects: readonly number[];
};

function reweigh(weights: Float64Array, { logCosts, features, cohorts }: Design, fit: Fit): void {
  const residuals = logCosts.map(
    (logCost, at) =>
      logCost -
      explainedBy(fit, features[at] ?? NO_FEATURES) -
      (fit.effects[cohorts[at] ?? 0] ?? 0),
  );
  const scale = robustScale(residuals) + SMALLEST_SCALE;
  for (let at = 0; at < weights.length; at++) {
    const distance = Math.max(Math.abs((residuals[at] ?? 0) / scale), SMALLEST_SCALE);
    weights[at] = Math.min(1, HUBER_THRESHOLD / distance);
  }
}

const NO_FEATURES: Features = [0, 0, 0];

function explainedBy({ beta: [a, b, c] }: Pick<Fit, "beta">, [x, y, z]: Features): number {
  return a * x + b * y + c * z;
}

/** Weighted sums of one cohort: of weights, features, and log costs. */
type CohortSums = { weight: number; cost: number; readonly features: [number, number, number] };

function weightedFit(design: Design, weights: Float64Array): Fit {
  const fit = penalisedFit(design, weights, RIDGE);
  if (fit.beta[1] >= 0) {
    return fit;
  }
  const flat = penalisedFit(design, weights, [RIDGE[0], FLAT_RIDGE, RIDGE[2]]);
  return { ...flat, beta: [flat.beta[0], 0, flat.beta[2]] };
}

/**
 * Solves the penalised normal equations. Each observation is in one cohort, so the cohort effects
 * are eliminated first (Schur complement), and the system has three unknowns for any number of
 * cohorts.
 */
function penalisedFit(design: Design, weights: Float64Array, ridges: Features): Fit {
  const matrix: number[][] = ridges.map((ridge, i) => ridges.map((_, j) => (i === j ? ridge : 0)));
  const right: number[] = [0, 0, 0];
  const cohorts = design.names.map((): CohortSums => ({ weight: 0, cost: 0, features: [0, 0, 0] }));
  for (let at = 0; at < weights.length; at++) {
    const weight = weights[at] ?? 0;
    const features = design.features[at] ?? NO_FEATURES;
    const cost = design.logCosts[at] ?? 0;
    addOuter(matrix, right, features, cost, weight);
    addTo(cohorts[design.cohorts[at] ?? 0], features, cost, weight);
  }
  for (const { weight, cost, features } of cohorts) {
    addOuter(matrix, right, features, cost, -1 / (weight + COHORT_RIDGE));
  }
  const [intercept = 0, slope = 0, undelivered = 0] = solveLinear(matrix, right);
  const beta: Features = [intercept, slope, undelivered];
  const effects = cohorts.map(
    ({ weight, cost, features }) =>
      (cost - explainedBy({ beta }, features)) / (weight + COHORT_RIDGE),
  );
  return { beta, effects };
}

function addTo(
  sums: CohortSums | undefined,
  [x, y, z]: Features,
  cost: number,
  weight: number,
): void {
  if (sums !== undefined) {
    sums.weight += weight;
    sums.cost += weight * cost;
    sums.features[0] += weight * x;
    sums.features[1] += weight * y;
    sums.features[2] += weight * z;
  }
}

/** Adds `factor` times (features × features) to the matrix, and (features × value) to the right. */
function addOuter(
  matrix: readonly number[][],
  right: number[],
  features: Features,
  value: number,
  factor: number,
): void {
  for (let i = 0; i < matrix.length; i++) {
    const row = matrix[i] ?? [];
    const scaled = factor * (features[i] ?? 0);
    right[i] = (right[i] ?? 0) + scaled * value;
    for (let j = 0; j < row.length; j++) {
      row[j] = (row[j] ?? 0) + scaled * (features[j] ?? 0);
    }
  }
}
