import { describe, expect, test } from "vitest";
import { decimalMillionths } from "../../../shared/usage/decimal-millionths.ts";

describe("decimalMillionths", () => {
  test.each([
    ["0", 0],
    ["0.0", 0],
    ["12.5", 12_500_000],
    // 41.37 * 1e6 is 41369999.99999999 in floating point.
    ["41.37", 41_370_000],
    [" 1480.02 ", 1_480_020_000],
    ["0.0000004", 0],
    ["0.0000005", 1],
    ["1.9999999", 2_000_000],
    ["1.0E-4", 100],
    ["1.5e3", 1_500_000_000],
    ["4E-8", 0],
    ["5e-7", 1],
    ["0e99", 0],
    ["1000000000", 1_000_000_000_000_000],
  ])("%s credits are %i millionths", (text, millionths) => {
    expect(decimalMillionths(text)).toBe(millionths);
  });

  test.each(["", "-1", "1,5", "1.", ".5", "Infinity", "0x10", "1000000001", "1e99", "1 000"])(
    "%j is no number of credits",
    (text) => {
      expect(decimalMillionths(text)).toBeUndefined();
    },
  );
});
