import { describe, expect, test } from "vitest";
import {
  over,
  plus,
  ratioFromDecimal,
  ratioFromListed,
  roundedNanoUsd,
  times,
  whole,
} from "../../../shared/money/exact-ratio.ts";

describe("exact ratios", () => {
  test.each([
    ["0.0000000004", 0n],
    ["0.0000000005", 1n],
    ["0.0000000015", 2n],
    ["1.25", 1_250_000_000n],
    ["0", 0n],
  ])("%s USD is rounded half away from zero", (text, expected) => {
    expect(roundedNanoUsd(ratioFromDecimal(text))).toBe(expected);
  });

  test("a negative half is rounded away from zero, too", () => {
    expect(roundedNanoUsd({ numerator: -5n, denominator: 10_000_000_000n })).toBe(-1n);
  });

  test("a third three times is one: nothing is rounded on the way", () => {
    const third = over(whole(1), whole(3));

    expect(roundedNanoUsd(plus(third, plus(third, third)))).toBe(1_000_000_000n);
  });

  test.each([
    [0.1, "0.1"],
    [0.003625, "0.003625"],
    [1e-7, "0.0000001"],
    [30, "30"],
  ])("a listed price is the decimal that was written down: %s", (listed, text) => {
    const million = whole(1_000_000_000_000n);

    expect(roundedNanoUsd(times(ratioFromListed(listed), million))).toBe(
      roundedNanoUsd(times(ratioFromDecimal(text), million)),
    );
  });

  test.each(["", "1e3", "-1", "1,5", ".5", "+1"])("%j is no price", (text) => {
    expect(() => ratioFromDecimal(text)).toThrow(RangeError);
  });
});
