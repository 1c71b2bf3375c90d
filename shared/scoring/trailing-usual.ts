import { countBelow, quantileOfSorted, robustScaleOfSorted } from "../order-statistics.ts";

/** Of each value, what was usual before it: `NaN` where there were too few values. */
export type TrailingUsual = {
  readonly medians: Float64Array;
  /** Median absolute deviations, scaled to estimate a standard deviation. */
  readonly scales: Float64Array;
};

/**
 * For each value, centre and spread of the `length` values before it, if there are `fewest` at least. The
 * window is kept in order as it moves, so this takes time in proportion to the number of values.
 */
export function trailingUsual(
  values: Float64Array,
  { length, fewest }: { readonly length: number; readonly fewest: number },
): TrailingUsual {
  const medians = new Float64Array(values.length).fill(Number.NaN);
  const scales = new Float64Array(values.length).fill(Number.NaN);
  const sorted = new Float64Array(length + 1);
  for (let at = 0; at < values.length; at++) {
    const count = Math.min(at, length);
    if (count >= fewest) {
      medians[at] = quantileOfSorted(sorted, 0.5, count);
      scales[at] = robustScaleOfSorted(sorted, count);
    }
    const value = values[at] ?? 0;
    const place = countBelow(sorted, value, count);
    sorted.copyWithin(place + 1, place, count);
    sorted[place] = value;
    if (count === length) {
      const oldest = countBelow(sorted, values[at - length] ?? 0, length + 1);
      sorted.copyWithin(oldest, oldest + 1);
    }
  }
  return { medians, scales };
}
