/**
 * Which hypotheses to reject so that the expected share of false ones among them stays at or below
 * `falseDiscoveryRate`: Benjamini and Hochberg 1995, for independent or positively dependent p-values.
 */
export function benjaminiHochberg(
  pValues: readonly number[],
  falseDiscoveryRate: number,
): readonly boolean[] {
  const sorted = Float64Array.from(pValues.filter((p) => p <= falseDiscoveryRate)).sort();
  const rejected = rejections((rank) => sorted[rank], pValues.length, falseDiscoveryRate);
  const threshold = sorted[rejected - 1];
  return pValues.map((p) => threshold !== undefined && p <= threshold);
}

/**
 * How many {@link benjaminiHochberg} rejects: the first so many of the p-values in ascending order.
 *
 * @param pOf The p-value of a rank, from 0. None above the false discovery rate is needed.
 */
export function rejections(
  pOf: (rank: number) => number | undefined,
  count: number,
  falseDiscoveryRate: number,
): number {
  let rejected = 0;
  for (let rank = 0; rank < count; rank++) {
    const p = pOf(rank) ?? 1;
    if (p > falseDiscoveryRate) {
      break;
    }
    if (p <= (falseDiscoveryRate * (rank + 1)) / count) {
      rejected = rank + 1;
    }
  }
  return rejected;
}
