import { countBelow, quantileOfSorted, robustScaleOfSorted } from "../order-statistics.ts";

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
  return {
    median: quantileOfSorted(sorted, 0.5),
    scale: robustScaleOfSorted(sorted),
    count: sorted.length,
  };
}
