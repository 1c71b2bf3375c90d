import { type NanoUsd, nanoUsdFromDecimal } from "./nano-usd.ts";

const NANO_USD_PER_CENT = 10_000_000;

/**
 * Reads an amount in cents, as providers write it: a decimal text such as `123.78912`, of which
 * every digit counts, or a number. Rounded once, to a whole nano-USD.
 *
 * @throws {InvalidAmountError} if a text is no plain decimal.
 */
export function nanoUsdFromCents(cents: string | number): NanoUsd {
  if (typeof cents === "number") {
    return BigInt(Math.round(cents * NANO_USD_PER_CENT));
  }
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(cents) ?? [];
  // Two places to the left; what is no decimal at all goes on as it is, and is refused there.
  const dollars = whole.padStart(3, "0");
  return nanoUsdFromDecimal(
    whole === "" ? cents : `${sign}${dollars.slice(0, -2)}.${dollars.slice(-2)}${fraction}`,
  );
}
