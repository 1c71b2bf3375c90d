import { dollars, type NanoUsd } from "../money/nano-usd.ts";

const NANO_USD_PER_CENT = 10_000_000n;

/** Rounds to whole cents, half away from zero, as {@link dollars} does. */
export function toCents(amount: NanoUsd): NanoUsd {
  const half = amount < 0n ? -NANO_USD_PER_CENT / 2n : NANO_USD_PER_CENT / 2n;
  return ((amount + half) / NANO_USD_PER_CENT) * NANO_USD_PER_CENT;
}

/**
 * An amount and its part above the usual, such that what is printed adds up to the cent:
 * `usual + above = total`.
 */
export function splitInCents(total: NanoUsd, above: NanoUsd) {
  const totalCents = toCents(total);
  const aboveCents = toCents(above);
  return {
    total: dollars(totalCents),
    usual: dollars(totalCents - aboveCents),
    above: dollars(aboveCents),
  };
}

/** At most `decimals` decimals, thousands separated: `1,234.5`. */
export function count(value: number, decimals = 1): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: decimals });
}

/** Floating dollars for one call: cents, and two digits more below a dollar. */
export function smallDollars(usd: number): string {
  return `$${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: usd < 1 ? 4 : 2 })}`;
}

export function units(credit: number): string {
  const shown = count(credit, 2);
  return `${shown} ${shown === "1" ? "unit" : "units"}`;
}

/** How many times `usual` an amount is, to one decimal; nothing if there is no usual. */
export function times(amount: NanoUsd, usual: NanoUsd): string | undefined {
  return usual > 0n ? count(Number((amount * 100n) / usual) / 100) : undefined;
}

/** A probability as `About 1 in 2,500`, to two significant digits. */
export function oneIn(probability: number): string {
  if (probability < 1e-6) {
    return "Fewer than 1 in 1,000,000";
  }
  const every = Number((1 / probability).toPrecision(2));
  return `About 1 in ${count(every, every < 10 ? 1 : 0)}`;
}

/** A share as `about 5 in 100`, rounded up: nothing is promised that does not hold. */
export function inHundred(share: number): string {
  const percent = Math.ceil(share * 100 - 1e-9);
  return percent < 1 ? "fewer than 1 in 100" : `about ${percent} in 100`;
}

/** Shares as whole percents that add up to what the shares add up to (largest remainder). */
export function wholePercents(shares: readonly number[]): readonly number[] {
  const exact = shares.map((share) => share * 100);
  const floors = exact.map(Math.floor);
  const missing =
    Math.round(exact.reduce((sum, value) => sum + value, 0)) -
    floors.reduce((sum, value) => sum + value, 0);
  const largest = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .toSorted((a, b) => b.rest - a.rest || a.index - b.index)
    .slice(0, missing)
    .map(({ index }) => index);
  return floors.map((floor, index) => floor + (largest.includes(index) ? 1 : 0));
}
