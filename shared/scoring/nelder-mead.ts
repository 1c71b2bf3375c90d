type Point = { readonly at: readonly number[]; readonly value: number };

const MOST_STEPS = 1000;
const TOLERANCE = 1e-9;

/**
 * Finds a local minimum without derivatives: the simplex method of Nelder and Mead (1965) with the
 * usual coefficients. The objective may be `Infinity` where it is not defined, but not at `start`.
 *
 * @param step Distance of the first simplex's corners from `start`, for each coordinate.
 */
export function nelderMead(
  objective: (at: readonly number[]) => number,
  start: readonly number[],
  step: number,
): readonly number[] {
  const evaluate = (at: readonly number[]): Point => ({ at, value: objective(at) });
  let simplex = [
    evaluate(start),
    ...start.map((_, moved) => evaluate(start.map((x, i) => (i === moved ? x + step : x)))),
  ];
  for (let count = 0; count < MOST_STEPS; count++) {
    simplex.sort((a, b) => a.value - b.value);
    if (isSmall(simplex)) {
      break;
    }
    simplex = nextSimplex(simplex, evaluate);
  }
  return simplex.reduce((a, b) => (b.value < a.value ? b : a)).at;
}

function isSmall(simplex: readonly Point[]): boolean {
  const [best] = simplex;
  return simplex.every(({ at }) =>
    at.every((x, i) => Math.abs(x - (best?.at[i] ?? x)) <= TOLERANCE),
  );
}

function nextSimplex(
  sorted: readonly Point[],
  evaluate: (at: readonly number[]) => Point,
): Point[] {
  const worst = sorted.at(-1);
  const best = sorted.at(0);
  if (worst === undefined || best === undefined) {
    return [...sorted];
  }
  const kept = sorted.slice(0, -1);
  const centre = best.at.map(
    (_, i) => kept.reduce((sum, p) => sum + (p.at[i] ?? 0), 0) / kept.length,
  );
  const along = (factor: number) =>
    evaluate(centre.map((x, i) => x + factor * ((worst.at[i] ?? x) - x)));
  const replacement = replacementFor(worst, kept, along);
  return replacement === undefined
    ? [best, ...sorted.slice(1).map(({ at }) => evaluate(midpoint(best.at, at)))]
    : [...kept, replacement];
}

/** A better corner than the worst, or none: then the simplex has to shrink. */
function replacementFor(
  worst: Point,
  kept: readonly Point[],
  along: (factor: number) => Point,
): Point | undefined {
  const best = kept.at(0)?.value ?? Number.POSITIVE_INFINITY;
  const secondWorst = kept.at(-1)?.value ?? Number.POSITIVE_INFINITY;
  const reflected = along(-1);
  if (reflected.value < best) {
    const expanded = along(-2);
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < secondWorst) {
    return reflected;
  }
  const contracted = reflected.value < worst.value ? along(-0.5) : along(0.5);
  return contracted.value < Math.min(reflected.value, worst.value) ? contracted : undefined;
}

function midpoint(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.map((x, i) => (x + (b[i] ?? x)) / 2);
}
