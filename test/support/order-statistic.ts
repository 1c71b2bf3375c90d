/** The value that this share of the values is not above (nearest rank); 0 of no values. */
export function orderStatistic(values: readonly number[], ratio: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(ratio * sorted.length) - 1)] ?? 0;
}
