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
  const design = observations.map((observation) => ({
    observation,
    features: featuresOf(observation.credit),
  }));
  let weights: readonly number[] = observations.map(() => 1);
  let model = weightedFit(design, weights);
  for (let pass = 1; pass < PASSES; pass++) {
    weights = huberWeights(observations, model);
    model = weightedFit(design, weights);
  }
  return model;
}

export function expectedLogCost(model: SpendModel, { credit, cohort }: SpendObservation): number {
  const [, delivered, undelivered] = featuresOf(credit);
  return (
    model.intercept +
    model.slope * delivered +
    model.undelivered * undelivered +
    (model.cohorts.get(cohort) ?? 0)
  );
}

type Features = readonly [number, number, number];
type Design = readonly {
  readonly observation: SpendObservation;
  readonly features: Features;
}[];

function featuresOf(credit: number): Features {
  return [1, Math.log1p(credit), credit < 0.5 ? 1 : 0];
}

function huberWeights(
  observations: readonly SpendObservation[],
  model: SpendModel,
): readonly number[] {
  const residuals = observations.map((o) => o.logCost - expectedLogCost(model, o));
  const scale = robustScale(residuals) + SMALLEST_SCALE;
  return residuals.map((residual) =>
    Math.min(1, HUBER_THRESHOLD / Math.max(Math.abs(residual / scale), SMALLEST_SCALE)),
  );
}

/** Weighted sums of one cohort: of weights, features, and feature-weighted and plain log costs. */
type CohortSums = { weight: number; cost: number; readonly features: number[] };

function weightedFit(design: Design, weights: readonly number[]): SpendModel {
  const model = penalisedFit(design, weights, RIDGE);
  const [intercept, , undelivered] = RIDGE;
  return model.slope < 0
    ? { ...penalisedFit(design, weights, [intercept, FLAT_RIDGE, undelivered]), slope: 0 }
    : model;
}

/**
 * Solves the penalised normal equations. Each observation is in one cohort, so the cohort effects
 * are eliminated first (Schur complement), and the system has three unknowns for any number of
 * cohorts.
 */
function penalisedFit(
  design: Design,
  weights: readonly number[],
  ridges: readonly number[],
): SpendModel {
  const matrix: number[][] = ridges.map((ridge, i) => ridges.map((_, j) => (i === j ? ridge : 0)));
  const right: number[] = ridges.map(() => 0);
  const cohorts = new Map<string, CohortSums>();
  for (const [at, { observation, features }] of design.entries()) {
    const weight = weights[at] ?? 0;
    addOuter(matrix, right, features, observation.logCost, weight);
    const sums = sumsOf(cohorts, observation.cohort);
    sums.weight += weight;
    sums.cost += weight * observation.logCost;
    for (const [i, feature] of features.entries()) {
      sums.features[i] = (sums.features[i] ?? 0) + weight * feature;
    }
  }
  for (const { weight, cost, features } of cohorts.values()) {
    const penalised = weight + COHORT_RIDGE;
    addOuter(matrix, right, features, cost, -1 / penalised);
  }
  const [intercept = 0, slope = 0, undelivered = 0] = solveLinear(matrix, right);
  const beta = [intercept, slope, undelivered];
  const effects = [...cohorts].map(([cohort, { weight, cost, features }]) => {
    const explained = features.reduce((sum, feature, i) => sum + feature * (beta[i] ?? 0), 0);
    return [cohort, (cost - explained) / (weight + COHORT_RIDGE)] as const;
  });
  return { intercept, slope, undelivered, cohorts: new Map(effects) };
}

function sumsOf(cohorts: Map<string, CohortSums>, cohort: string): CohortSums {
  const known = cohorts.get(cohort) ?? { weight: 0, cost: 0, features: [0, 0, 0] };
  cohorts.set(cohort, known);
  return known;
}

/** Adds `factor` times (features × features) to the matrix, and (features × value) to the right. */
function addOuter(
  matrix: number[][],
  right: number[],
  features: readonly number[],
  value: number,
  factor: number,
): void {
  for (const [i, row] of matrix.entries()) {
    const scaled = factor * (features[i] ?? 0);
    right[i] = (right[i] ?? 0) + scaled * value;
    for (const j of row.keys()) {
      row[j] = (row[j] ?? 0) + scaled * (features[j] ?? 0);
    }
  }
}
