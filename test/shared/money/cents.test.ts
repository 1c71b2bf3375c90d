import { describe, expect, test } from "vitest";
import { nanoUsdFromCents } from "../../../shared/money/cents.ts";

describe("nanoUsdFromCents", () => {
  test.each([
    ["123.78912", 1_237_891_200n],
    ["10", 100_000_000n],
    ["5", 50_000_000n],
    ["0.5", 5_000_000n],
    ["-1687.5", -16_875_000_000n],
    // 0.00000004 cents are 0.4 nano-USD, and 0.00000005 are half of one: rounded once.
    ["0.00000004", 0n],
    ["0.00000005", 1n],
    ["123456789.123456789", 1_234_567_891_234_568n],
  ])("reads the text %s to the nano-USD", (cents, nanoUsd) => {
    expect(nanoUsdFromCents(cents)).toBe(nanoUsd);
  });

  test.each([
    [1687, 16_870_000_000n],
    [4.455, 44_550_000n],
    [0, 0n],
  ])("reads the number %s", (cents, nanoUsd) => {
    expect(nanoUsdFromCents(cents)).toBe(nanoUsd);
  });

  test.each(["", "1e3", "1,5", "cents"])("refuses the text %j", (cents) => {
    expect(() => nanoUsdFromCents(cents)).toThrow("plain decimal");
  });
});
