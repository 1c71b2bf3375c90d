import type { NanoUsd } from "./nano-usd.ts";

/**
 * An exact number: `numerator / denominator`, the denominator above zero. What a price is worked out
 * in, so that a call is rounded once, at its end, and no floating number is ever part of it.
 */
export type ExactRatio = { readonly numerator: bigint; readonly denominator: bigint };

export const ZERO: ExactRatio = { numerator: 0n, denominator: 1n };

/** Fewest digits that a decimal number reads back from: enough for every price in a list. */
const PLAIN = /^(\d+)(?:\.(\d+))?$/;
const SMALLEST_DIGITS = 24;

/** A whole number. */
export function whole(value: number | bigint): ExactRatio {
  return { numerator: BigInt(value), denominator: 1n };
}

/**
 * The number that a decimal text names, such as `0.075`.
 *
 * @throws {RangeError} for anything but digits with at most one point: no sign, no exponent.
 */
export function ratioFromDecimal(text: string): ExactRatio {
  const [, integer, fraction = ""] = PLAIN.exec(text) ?? [];
  if (integer === undefined) {
    throw new RangeError("must be a plain decimal number, not negative, such as 0.075");
  }
  return { numerator: BigInt(integer + fraction), denominator: 10n ** BigInt(fraction.length) };
}

/** The decimal that a price list wrote down, from the floating number that JSON made of it. */
export function ratioFromListed(value: number): ExactRatio {
  const text = String(value);
  return ratioFromDecimal(text.includes("e") ? value.toFixed(SMALLEST_DIGITS) : text);
}

export function plus(a: ExactRatio, b: ExactRatio): ExactRatio {
  return a.denominator === b.denominator
    ? { numerator: a.numerator + b.numerator, denominator: a.denominator }
    : {
        numerator: a.numerator * b.denominator + b.numerator * a.denominator,
        denominator: a.denominator * b.denominator,
      };
}

export function times(a: ExactRatio, b: ExactRatio): ExactRatio {
  return {
    numerator: a.numerator * b.numerator,
    denominator: a.denominator * b.denominator,
  };
}

export function over(a: ExactRatio, b: ExactRatio): ExactRatio {
  return {
    numerator: a.numerator * b.denominator,
    denominator: a.denominator * b.numerator,
  };
}

const NANO_PER_UNIT = 1_000_000_000n;

/** An amount in USD as whole nano-USD, rounded half away from zero. */
export function roundedNanoUsd({ numerator, denominator }: ExactRatio): NanoUsd {
  const isNegative = numerator < 0n;
  const scaled = (isNegative ? -numerator : numerator) * NANO_PER_UNIT;
  const rounded = (2n * scaled + denominator) / (2n * denominator);
  return isNegative ? -rounded : rounded;
}

/** An amount of nano-units as the units that it is. */
export function ratioFromNano(nano: bigint): ExactRatio {
  return { numerator: nano, denominator: NANO_PER_UNIT };
}
