import { describe, expect, test } from "vitest";
import {
  dollars,
  exactUsd,
  InvalidAmountError,
  nanoUsdFromDecimal,
  nanoUsdFromNumber,
} from "../../../shared/money/nano-usd.ts";

describe("nanoUsdFromDecimal", () => {
  test.each([
    ["0.016959", 16_959_000n],
    ["12", 12_000_000_000n],
    ["-0.5", -500_000_000n],
    ["0.0000000005", 1n],
    ["0.00000000049", 0n],
    ["999999999999.999999999", 999_999_999_999_999_999_999n],
  ])("%s is %s nano-USD", (text, expected) => {
    expect(nanoUsdFromDecimal(text)).toBe(expected);
  });

  test.each(["", "1e-7", "+1", "1,000", "NaN", "0x10", "1.", ".5", "1234567890123"])(
    "refuses %j, which is not a plain decimal",
    (text) => {
      expect(() => nanoUsdFromDecimal(text)).toThrow(InvalidAmountError);
    },
  );
});

describe("nanoUsdFromNumber", () => {
  test("takes the noise out of a floating amount that a sender computed", () => {
    expect(nanoUsdFromNumber(0.016959000000000002)).toBe(16_959_000n);
  });
});

describe("exactUsd", () => {
  test.each([
    [16_959_000n, "0.016959000"],
    [-1n, "-0.000000001"],
    [123_456_789_012_345_678_901n, "123456789012.345678901"],
  ])("%s nano-USD is %s", (amount, expected) => {
    expect(exactUsd(amount)).toBe(expected);
  });
});

describe("dollars", () => {
  test.each([
    [1_234_565_000_000n, "$1,234.57"],
    [4_999_999n, "$0.00"],
    [5_000_000n, "$0.01"],
    [-2_500_000_000n, "-$2.50"],
    [1_000_000_000_000_000n, "$1,000,000.00"],
  ])("%s nano-USD reads %s", (amount, expected) => {
    expect(dollars(amount)).toBe(expected);
  });
});
