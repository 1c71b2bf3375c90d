import { robustScale } from "../order-statistics.ts";
import { columnOf } from "./column.ts";
import { solveLinear } from "./linear-system.ts";

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

/** Of one, of what was delivered, and of whether nothing was. */
type Three = readonly [number, number, number];

/** Observations in columns. */
type Design = {
  readonly logCosts: Float64Array;
  readonly delivered: Float64Array;
  readonly undelivered: Float64Array;
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
    logCosts: columnOf(observations, ({ logCost }) => logCost),
    delivered: columnOf(observations, ({ credit }) => Math.log1p(credit)),
    undelivered: columnOf(observations, ({ credit }) => isUndelivered(credit)),
    cohorts: Int32Array.from(observations, ({ cohort }) => positions.get(cohort) ?? 0),
    names: [...positions.keys()],
  };
}

function isUndelivered(credit: number): number {
  return credit < 0.5 ? 1 : 0;
}

type Fit = {
  readonly beta: Three;
  /** Of the cohorts, in the order of their names. */
  readonly effects: readonly number[];
};

function reweigh(weights: Float64Array, design: Design, { beta, effects }: Fit): void {
  const { logCosts, delivered, undelivered, cohorts } = design;
  const [intercept, slope, flat] = beta;
  const residuals = logCosts.map(
    (logCost, at) =>
      logCost -
      (intercept +
        slope * (delivered[at] ?? 0) +
        flat * (undelivered[at] ?? 0) +
        (effects[cohorts[at] ?? 0] ?? 0)),
  );
  const scale = robustScale(residuals) + SMALLEST_SCALE;
  for (let at = 0; at < weights.length; at++) {
    const distance = Math.max(Math.abs((residuals[at] ?? 0) / scale), SMALLEST_SCALE);
    weights[at] = Math.min(1, HUBER_THRESHOLD / distance);
  }
}

function weightedFit(design: Design, weights: Float64Array): Fit {
  const sums = weightedSums(design, weights);
  const fit = penalisedFit(sums, RIDGE);
  if (fit.beta[1] >= 0) {
    return fit;
  }
  const flat = penalisedFit(sums, [RIDGE[0], FLAT_RIDGE, RIDGE[2]]);
  return { ...flat, beta: [flat.beta[0], 0, flat.beta[2]] };
}

/** Weighted sums over one cohort: of one, of what was delivered, of whether nothing was, and of log costs. */
type CohortSums = { one: number; delivered: number; undelivered: number; cost: number };

/** What the normal equations need of the observations. */
type Sums = {
  readonly cohorts: readonly CohortSums[];
  /** Weighted sums of products, over all. */
  readonly products: {
    deliveredDelivered: number;
    deliveredUndelivered: number;
    undeliveredUndelivered: number;
    deliveredCost: number;
    undeliveredCost: number;
  };
};

function weightedSums(design: Design, weights: Float64Array): Sums {
  const cohorts = design.names.map(() => ({ one: 0, delivered: 0, undelivered: 0, cost: 0 }));
  const products = {
    deliveredDelivered: 0,
    deliveredUndelivered: 0,
    undeliveredUndelivered: 0,
    deliveredCost: 0,
    undeliveredCost: 0,
  };
  const nobody: CohortSums = { one: 0, delivered: 0, undelivered: 0, cost: 0 };
  for (let at = 0; at < weights.length; at++) {
    const weight = weights[at] ?? 0;
    const delivered = weight * (design.delivered[at] ?? 0);
    const undelivered = weight * (design.undelivered[at] ?? 0);
    const cost = design.logCosts[at] ?? 0;
    const sums = cohorts[design.cohorts[at] ?? 0] ?? nobody;
    sums.one += weight;
    sums.delivered += delivered;
    sums.undelivered += undelivered;
    sums.cost += weight * cost;
    products.deliveredDelivered += delivered * (design.delivered[at] ?? 0);
    products.deliveredUndelivered += delivered * (design.undelivered[at] ?? 0);
    products.undeliveredUndelivered += undelivered * (design.undelivered[at] ?? 0);
    products.deliveredCost += delivered * cost;
    products.undeliveredCost += undelivered * cost;
  }
  return { cohorts, products };
}

/**
 * Solves the penalised normal equations. Each observation is in one cohort, so the cohort effects
 * are eliminated first (Schur complement), and the system has three unknowns for any number of
 * cohorts.
 */
function penalisedFit({ cohorts, products }: Sums, ridges: Three): Fit {
  const total = (of: (sums: CohortSums) => number) =>
    cohorts.reduce((sum, cohort) => sum + of(cohort), 0);
  const delivered = total((sums) => sums.delivered);
  const undelivered = total((sums) => sums.undelivered);
  const matrix = [
    [total((sums) => sums.one) + ridges[0], delivered, undelivered],
    [delivered, products.deliveredDelivered + ridges[1], products.deliveredUndelivered],
    [undelivered, products.deliveredUndelivered, products.undeliveredUndelivered + ridges[2]],
  ];
  const right = [total((sums) => sums.cost), products.deliveredCost, products.undeliveredCost];
  for (const sums of cohorts) {
    const features: Three = [sums.one, sums.delivered, sums.undelivered];
    addOuter(matrix, right, features, sums.cost, -1 / (sums.one + COHORT_RIDGE));
  }
  const [a = 0, b = 0, c = 0] = solveLinear(matrix, right);
  return {
    beta: [a, b, c],
    effects: cohorts.map(
      (sums) =>
        (sums.cost - (a * sums.one + b * sums.delivered + c * sums.undelivered)) /
        (sums.one + COHORT_RIDGE),
    ),
  };
}

/** Adds `factor` times (features × features) to the matrix, and (features × value) to the right. */
function addOuter(
  matrix: readonly number[][],
  right: number[],
  features: Three,
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
