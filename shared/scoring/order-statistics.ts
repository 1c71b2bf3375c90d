/** Makes the median absolute deviation of normal data estimate its standard deviation. */
export const MAD_TO_SD = 1.4826;

/**
 * Quantile of type 7 (Hyndman and Fan 1996), as in R, NumPy and spreadsheets: linear between order
 * statistics.
 *
 * @param share Between 0 and 1.
 * @throws {RangeError} for no values.
 */
export function quantile(values: readonly number[], share: number): number {
  return quantileOfSorted(ascending(values), share);
}

/** {@link quantile} of values that are in ascending order already. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) {
    throw new RangeError("a quantile needs at least one value");
  }
  return below + (above - below) * (position - Math.floor(position));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median absolute deviation from the median, scaled to estimate a standard deviation. */
export function robustScale(values: readonly number[]): number {
  const centre = median(values);
  return MAD_TO_SD * median(values.map((value) => Math.abs(value - centre)));
}

/** A sorted copy; a typed array sorts numbers as numbers, and fast. */
export function ascending(values: readonly number[]): Float64Array {
  return new Float64Array(values).sort();
}

/** For each value, the median of all the others; `undefined` if there are no others. */
export function mediansOfOthers(values: readonly number[]): readonly (number | undefined)[] {
  const sorted = ascending(values);
  const others = sorted.length - 1;
  // Without one value, the order statistics from its position on move down by one.
  const at = (index: number, removed: number) => sorted[index < removed ? index : index + 1] ?? 0;
  return values.map((value) => {
    if (others === 0) {
      return undefined;
    }
    const removed = countBelow(sorted, value);
    return (
      (at(Math.floor((others - 1) / 2), removed) + at(Math.ceil((others - 1) / 2), removed)) / 2
    );
  });
}

/** How many of the sorted values are less than a value. */
export function countBelow(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
