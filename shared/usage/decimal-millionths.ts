const DECIMAL = /^(\d{1,12})(?:\.(\d{1,20}))?(?:[eE]([+-]?\d{1,2}))?$/;
const PLACES = 6;

/** Most credits that one record can hold: in millionths, still exact in a `number`. */
const MAX_MILLIONTHS = 1_000_000_000 * 10 ** PLACES;

/**
 * Whole millionths of the credits that a text states as a decimal number, such as `41.37`; what is smaller is
 * rounded, half up. Digit by digit, as `41.37 * 1e6` would not be whole.
 *
 * @returns nothing if the text is no such number from 0 to a billion.
 */
export function decimalMillionths(text: string): number | undefined {
  const [, whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text.trim()) ?? [];
  if (whole === "") {
    return undefined;
  }
  const digits = whole + fraction;
  // Where the decimal point of the millionths stands among the digits.
  const point = whole.length + Number(exponent) + PLACES;
  const kept = point <= 0 ? "0" : digits.slice(0, point).padEnd(point, "0");
  const isRoundedUp = point >= 0 && Number(digits[point] ?? "0") >= 5;
  const millionths = Number(kept) + (isRoundedUp ? 1 : 0);
  return millionths <= MAX_MILLIONTHS ? millionths : undefined;
}
