import { countBelow, MAD_TO_SD, quantileOfSorted } from "./order-statistics.ts";

/** What was usual before a value: centre and spread of the values just before it. */
export type TrailingUsual = {
  readonly median: number;
  /** Median absolute deviation, scaled to estimate a standard deviation. */
  readonly scale: number;
  readonly count: number;
};

/**
 * For each value, what was usual among the `length` values before it; `undefined` where there are
 * fewer than `fewest`. The window is kept in order as it moves, so this takes time in proportion to
 * the number of values.
 */
export function trailingUsual(
  values: readonly number[],
  { length, fewest }: { readonly length: number; readonly fewest: number },
): readonly (TrailingUsual | undefined)[] {
  const sorted: number[] = [];
  return values.map((value, at) => {
    const usual = sorted.length < fewest ? undefined : usualOf(sorted);
    if (sorted.length === length) {
      sorted.splice(countBelow(sorted, values[at - length] ?? 0), 1);
    }
    sorted.splice(countBelow(sorted, value), 0, value);
    return usual;
  });
}

function usualOf(sorted: readonly number[]): TrailingUsual {
  const median = quantileOfSorted(sorted, 0.5);
  return { median, scale: MAD_TO_SD * medianDeviation(sorted, median), count: sorted.length };
}

/** Median of the distances from the centre: the nearest come first when walking outwards from it. */
function medianDeviation(sorted: readonly number[], centre: number): number {
  const position = (sorted.length - 1) / 2;
  let above = countBelow(sorted, centre);
  let below = above - 1;
  let previous = 0;
  let distance = 0;
  for (let rank = 0; rank <= Math.ceil(position); rank++) {
    previous = distance;
    const left = centre - (sorted[below] ?? Number.NEGATIVE_INFINITY);
    const right = (sorted[above] ?? Number.POSITIVE_INFINITY) - centre;
    distance = Math.min(left, right);
    if (left < right) {
      below -= 1;
    } else {
      above += 1;
    }
  }
  return Number.isInteger(position) ? distance : (previous + distance) / 2;
}
