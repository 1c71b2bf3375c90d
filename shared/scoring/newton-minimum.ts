import { solveLinear } from "./linear-system.ts";

/** A smooth function at one point: its value, slope and curvature. */
export type Curve = {
  readonly value: number;
  readonly gradient: readonly number[];
  readonly hessian: readonly (readonly number[])[];
};

const MOST_STEPS = 200;
/**
 * A step so short is the last. Newton's method squares the distance that is left, and after this one that is below
 * what the rounding of sums of thousands of terms moves the minimum by: further steps would only wander.
 */
const SHORTEST_STEP = 1e-8;
/** Two sums of thousands of terms differ by their rounding alone. */
const ROUNDING = 1e-12;
const LEAST_DAMPING = 1e-9;
const DAMPING_FACTOR = 10;

/**
 * Finds a local minimum by Newton's method, damped as by Levenberg (1944): a step that leads upwards,
 * or to where the function is not defined (`Infinity`), is tried again shorter and more down the
 * slope. It ends where the gradient is zero, as far as rounding lets it be known, which a search by values
 * alone cannot see: there a minimum is flat.
 *
 * @param start A point at which the function is defined.
 */
export function newtonMinimum(
  curveAt: (at: readonly number[]) => Curve,
  start: readonly number[],
): readonly number[] {
  let at = start;
  let curve = curveAt(start);
  let damping = LEAST_DAMPING;
  for (let count = 0; count < MOST_STEPS; count++) {
    const step = dampedStep(curve, damping);
    const next = at.map((x, i) => x + (step[i] ?? 0));
    const nextCurve = curveAt(next);
    if (nextCurve.value <= curve.value + ROUNDING * Math.abs(curve.value)) {
      [at, curve] = [next, nextCurve];
      damping = Math.max(LEAST_DAMPING, damping / DAMPING_FACTOR);
    } else {
      damping *= DAMPING_FACTOR;
    }
    if (step.every((change) => Math.abs(change) <= SHORTEST_STEP)) {
      break;
    }
  }
  return at;
}

function dampedStep({ gradient, hessian }: Curve, damping: number): readonly number[] {
  return solveLinear(
    hessian.map((row, i) => row.map((value, j) => (i === j ? value + damping : value))),
    gradient.map((slope) => -slope),
  );
}
