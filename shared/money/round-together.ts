import { roundedNanoUsd } from "./exact-ratio.ts";
import { type NanoUsd, sumNanoUsd } from "./nano-usd.ts";

const NANO_PER_UNIT = 1_000_000_000n;

/**
 * Rounds amounts in USD, `numerators[i] / denominator`, so that they sum to their rounded sum: the sum
 * is rounded once, half away from zero, and each amount to one of the two nano-USD around it, by
 * largest remainder. Equal remainders go to the earlier amount.
 *
 * @param numerators Not negative.
 */
export function roundTogether(
  numerators: readonly bigint[],
  denominator: bigint,
): readonly NanoUsd[] {
  const floors = numerators.map((numerator) => (numerator * NANO_PER_UNIT) / denominator);
  const numerator = numerators.reduce((sum, part) => sum + part, 0n);
  const missing = Number(roundedNanoUsd({ numerator, denominator }) - sumNanoUsd(floors));
  const byRemainder = numerators
    .map((part, index) => ({ index, remainder: (part * NANO_PER_UNIT) % denominator }))
    .sort((a, b) => Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder));
  const raised = new Set(byRemainder.slice(0, missing).map(({ index }) => index));
  return floors.map((floor, index) => (raised.has(index) ? floor + 1n : floor));
}
