/**
 * Money: a whole number of nano-USD (10⁻⁹ USD) in a `bigint`, so that sums are exact at any size.
 * Formatting happens only at the edges: report, alert, command line.
 */
export type NanoUsd = bigint;

export const NANO_USD_PER_USD = 1_000_000_000n;

/** Thrown when a text is not a plain decimal amount, such as `0.016959`. */
export class InvalidAmountError extends Error {
  override readonly name = "InvalidAmountError";
  readonly amount: string;

  constructor(amount: string) {
    super(`amount must be a plain decimal number with a point, got: ${amount.slice(0, 40)}`);
    this.amount = amount;
  }
}

const DECIMAL = /^(-?)(\d{1,12})(?:\.(\d{1,30}))?$/;

/**
 * Reads a decimal USD amount. Digits past the ninth decimal are rounded half away from zero.
 *
 * @throws {InvalidAmountError} for anything but a plain decimal: no exponent, sign `+`, or separators.
 */
export function nanoUsdFromDecimal(amount: string): NanoUsd {
  const match = DECIMAL.exec(amount);
  if (match === null) {
    throw new InvalidAmountError(amount);
  }
  const [, sign, whole = "0", fraction = ""] = match;
  const kept = BigInt(whole + fraction.slice(0, 9).padEnd(9, "0"));
  const magnitude = kept + (Number(fraction[9] ?? "0") >= 5 ? 1n : 0n);
  return sign === "-" ? -magnitude : magnitude;
}

/** Rounds a floating USD amount, as price lists and senders give it, to whole nano-USD. */
export function nanoUsdFromNumber(usd: number): NanoUsd {
  return BigInt(Math.round(usd * 1e9));
}

/** For statistics only: USD as a floating number. Never add such numbers up into a total. */
export function usdForStatistics(amount: NanoUsd): number {
  return Number(amount) / 1e9;
}

/** Whether a `number` holds the amount exactly: every amount up to 2^53 nano-USD, which is nine million USD. */
export function isExactAsNumber(amount: NanoUsd): boolean {
  return BigInt(Number(amount)) === amount;
}

/** Exact, at any size. */
export function sumNanoUsd(amounts: readonly NanoUsd[]): NanoUsd {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

/** The exact decimal, nine places: `16959000n` is `0.016959000`. */
export function exactUsd(amount: NanoUsd): string {
  const magnitude = amount < 0n ? -amount : amount;
  const whole = magnitude / NANO_USD_PER_USD;
  const fraction = (magnitude % NANO_USD_PER_USD).toString().padStart(9, "0");
  return `${amount < 0n ? "-" : ""}${whole}.${fraction}`;
}

/** For people: `$1,234.57`, rounded half away from zero to the cent. */
export function dollars(amount: NanoUsd): string {
  const magnitude = amount < 0n ? -amount : amount;
  const cents = (magnitude + 5_000_000n) / 10_000_000n;
  const whole = (cents / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0n ? "-" : ""}$${whole}.${(cents % 100n).toString().padStart(2, "0")}`;
}
