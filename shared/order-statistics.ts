/** Makes the median absolute deviation of normal data estimate its standard deviation. */
const MAD_TO_SD = 1.4826;

/**
 * Quantile of type 7 (Hyndman and Fan 1996), as in R, NumPy and spreadsheets: linear between order
 * statistics.
 *
 * @param share Between 0 and 1.
 * @throws {RangeError} for no values.
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  return quantileInPlace(new Float64Array(values), share);
}

/**
 * {@link quantile}, in time in proportion to the number of values, which it leaves in another order.
 *
 * @param count How many of them, from the first, are meant; all by default.
 */
export function quantileInPlace(
  values: Float64Array,
  share: number,
  count = values.length,
): number {
  const position = (count - 1) * share;
  const rank = Math.floor(position);
  const below = valueOfRank(values, rank, count);
  const fraction = position - rank;
  return fraction === 0 ? below : below + (leastFrom(values, rank + 1, count) - below) * fraction;
}

function leastFrom(values: Float64Array, first: number, count: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = first; at < count; at++) {
    least = Math.min(least, values[at] ?? least);
  }
  return least;
}

/**
 * {@link quantile} of values that are in ascending order already.
 *
 * @param count How many of them, from the first, are meant; all by default.
 */
export function quantileOfSorted(
  sorted: ArrayLike<number>,
  share: number,
  count = sorted.length,
): number {
  const position = (count - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) {
    throw new RangeError("a quantile needs at least one value");
  }
  return below + (above - below) * (position - Math.floor(position));
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Median absolute deviation from the median, scaled to estimate a standard deviation. */
export function robustScale(values: ArrayLike<number>): number {
  return robustScaleInPlace(new Float64Array(values));
}

/**
 * {@link robustScale}, in time in proportion to the number of values, which it leaves as distances.
 *
 * @param count How many of them, from the first, are meant; all by default.
 */
export function robustScaleInPlace(values: Float64Array, count = values.length): number {
  const centre = quantileInPlace(values, 0.5, count);
  for (let at = 0; at < count; at++) {
    values[at] = Math.abs((values[at] ?? 0) - centre);
  }
  return MAD_TO_SD * quantileInPlace(values, 0.5, count);
}

/**
 * {@link robustScale} of values that are in ascending order already.
 *
 * @param count How many of them, from the first, are meant; all by default.
 */
export function robustScaleOfSorted(sorted: ArrayLike<number>, count = sorted.length): number {
  return MAD_TO_SD * medianDistance(sorted, quantileOfSorted(sorted, 0.5, count), count);
}

/** Median of the distances from a centre: the nearest come first when walking outwards from it. */
function medianDistance(sorted: ArrayLike<number>, centre: number, count: number): number {
  const position = (count - 1) / 2;
  let above = countBelow(sorted, centre, count);
  let below = above - 1;
  let previous = 0;
  let distance = 0;
  for (let rank = 0; rank <= Math.ceil(position); rank++) {
    previous = distance;
    const left = centre - (sorted[below] ?? Number.NEGATIVE_INFINITY);
    const right = (above < count ? (sorted[above] ?? 0) : Number.POSITIVE_INFINITY) - centre;
    distance = Math.min(left, right);
    if (left < right) {
      below -= 1;
    } else {
      above += 1;
    }
  }
  return Number.isInteger(position) ? distance : previous + (distance - previous) * 0.5;
}

/** So few values are sorted faster here than by the engine. */
const FEW = 24;

/** A sorted copy; a typed array sorts numbers as numbers, and fast. */
export function ascending(values: ArrayLike<number>): Float64Array {
  const sorted = new Float64Array(values);
  sortFirst(sorted, sorted.length);
  return sorted;
}

/** Sorts the first `count` values in place: of a buffer that serves for many small groups. */
export function sortFirst(values: Float64Array, count: number): void {
  sortBetween(values, 0, count);
}

function sortBetween(values: Float64Array, first: number, end: number): void {
  if (end - first > FEW) {
    values.subarray(first, end).sort();
    return;
  }
  for (let next = first + 1; next < end; next++) {
    const value = values[next] ?? 0;
    let at = next;
    for (; at > first && (values[at - 1] ?? 0) > value; at--) {
      values[at] = values[at - 1] ?? 0;
    }
    values[at] = value;
  }
}

/** With so many unlucky pivots, sorting what is left is faster. */
const MOST_PIVOTS = 64;

/**
 * The value of a rank, from 0 for the least. It is moved to that position, with none greater before it and
 * none less behind it: quickselect (Hoare 1961).
 *
 * @param count How many values, from the first, are meant; all by default.
 * @throws {RangeError} for a rank that none has.
 */
export function valueOfRank(values: Float64Array, rank: number, count = values.length): number {
  let first = 0;
  let end = count;
  for (let pivots = 0; end - first > FEW && pivots < MOST_PIVOTS; pivots++) {
    const middle = partition(values, first, end);
    if (rank < middle) {
      end = middle;
    } else {
      first = middle;
    }
  }
  sortBetween(values, first, end);
  const value = values[rank];
  if (value === undefined) {
    throw new RangeError("a quantile needs at least one value");
  }
  return value;
}

/** Moves the lesser values before the greater; returns where these begin, with one at least on either side. */
function partition(values: Float64Array, first: number, end: number): number {
  const pivot = medianOfThree(values[first], values[(first + end) >> 1], values[end - 1]);
  let low = first;
  let high = end - 1;
  while (low <= high) {
    while ((values[low] ?? 0) < pivot) {
      low += 1;
    }
    while ((values[high] ?? 0) > pivot) {
      high -= 1;
    }
    if (low <= high) {
      const value = values[low] ?? 0;
      values[low] = values[high] ?? 0;
      values[high] = value;
      low += 1;
      high -= 1;
    }
  }
  return low;
}

/** One that is least or greatest of all would not make two parts. */
function medianOfThree(a = 0, b = 0, c = 0): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/**
 * Of values in ascending order, the median of all but one.
 *
 * @param value The one that is left out, which has to be among them, with another one at least.
 * @param count How many, from the first, are meant; all by default.
 */
export function medianOfOthers(
  sorted: ArrayLike<number>,
  value: number,
  count = sorted.length,
): number {
  const others = count - 1;
  const removed = countBelow(sorted, value, count);
  // Without one value, the order statistics from its position on move down by one.
  const low = (others - 1) >> 1;
  const high = others >> 1;
  return (
    ((sorted[low < removed ? low : low + 1] ?? 0) +
      (sorted[high < removed ? high : high + 1] ?? 0)) /
    2
  );
}

/** How many of the sorted values are less than a value. */
export function countBelow(
  sorted: ArrayLike<number>,
  value: number,
  count = sorted.length,
): number {
  let low = 0;
  let high = count;
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

/** How many of the sorted values are at most a value. */
export function countUpTo(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
