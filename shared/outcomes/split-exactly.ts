/**
 * Splits a whole number in proportion to weights, by largest remainder: the parts are whole and sum
 * to `total` exactly. Equal remainders go to the earlier weight. If no weight is positive, all
 * weights count the same.
 *
 * @returns One part for each weight; empty for no weights.
 */
export function splitExactly(total: number, weights: readonly number[]): readonly number[] {
  if (weights.length === 1) {
    return [total];
  }
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = (weight: number) => (sum > 0 ? (total * weight) / sum : total / weights.length);
  const parts = weights.map((weight) => Math.floor(exact(weight)));
  const missing = total - parts.reduce((a, b) => a + b, 0);
  if (missing === 0) {
    return parts;
  }
  const remainder = (index: number) => exact(weights[index] ?? 0) - (parts[index] ?? 0);
  const byRemainder = parts
    .map((_, index) => index)
    .sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const index of byRemainder.slice(0, missing)) {
    parts[index] = (parts[index] ?? 0) + 1;
  }
  return parts;
}
