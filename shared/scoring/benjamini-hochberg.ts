/**
 * Which hypotheses to reject so that the expected share of false ones among them stays at or below
 * `falseDiscoveryRate`: Benjamini and Hochberg 1995, for independent or positively dependent p-values.
 */
export function benjaminiHochberg(
  pValues: readonly number[],
  falseDiscoveryRate: number,
): readonly boolean[] {
  const sorted = Float64Array.from(pValues).sort();
  const last = sorted.findLastIndex(
    (p, index) => p <= (falseDiscoveryRate * (index + 1)) / sorted.length,
  );
  const threshold = sorted[last];
  return pValues.map((p) => threshold !== undefined && p <= threshold);
}
