import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  inHundred,
  oneIn,
  smallDollars,
  splitInCents,
  times,
  units,
  wholePercents,
} from "../../../shared/alerts/plain-numbers.ts";
import { nanoUsdFromDecimal } from "../../../shared/money/nano-usd.ts";

const usd = nanoUsdFromDecimal;

describe("splitInCents", () => {
  test("the parts add up to the total in cents, where rounding each alone would not", () => {
    // 10.004 - 4.995 = 5.009: rounded alone, 5.01 + 5.00 is a cent more than 10.00.
    expect(splitInCents(usd("10.004"), usd("4.995"))).toEqual({
      total: "$10.00",
      usual: "$5.00",
      above: "$5.00",
    });
  });

  test("holds for any amounts", () => {
    const cents = (shown: string) => BigInt(shown.replace(/[$,.]/g, ""));
    const amount = fc.bigInt({ min: 0n, max: 10n ** 16n });

    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const [total, above] = a > b ? [a, b] : [b, a];
        const split = splitInCents(total, above);
        expect(cents(split.usual) + cents(split.above)).toBe(cents(split.total));
      }),
    );
  });
});

describe("wholePercents", () => {
  test.each([
    [
      [1 / 3, 1 / 3, 1 / 3],
      [34, 33, 33],
    ],
    [
      [0.555, 0.295, 0.15],
      [56, 29, 15],
    ],
    [[1], [100]],
    [[], []],
  ])("%j is %j: what is printed adds up to a hundred", (shares, percents) => {
    expect(wholePercents(shares)).toEqual(percents);
  });
});

describe("inHundred", () => {
  test.each([
    [0.05, "about 5 in 100"],
    [0.051, "about 6 in 100"],
    [0.07, "about 7 in 100"],
    [0.004, "about 1 in 100"],
    [0, "fewer than 1 in 100"],
  ])("%d is %j: rounded up, so that no more is promised than holds", (share, words) => {
    expect(inHundred(share)).toBe(words);
  });
});

describe("oneIn", () => {
  test.each([
    [0.0004, "About 1 in 2,500"],
    [0.3, "About 1 in 3.3"],
    [1, "About 1 in 1"],
    [0.000_012_3, "About 1 in 81,000"],
    [1e-12, "Fewer than 1 in 1,000,000"],
    [0, "Fewer than 1 in 1,000,000"],
  ])("%d is %j", (probability, words) => {
    expect(oneIn(probability)).toBe(words);
  });
});

describe("units", () => {
  test.each([
    [1, "1 unit"],
    [0.999, "1 unit"],
    [0.5, "0.5 units"],
    [12, "12 units"],
  ])("%d is %j", (credit, words) => {
    expect(units(credit)).toBe(words);
  });
});

describe("times", () => {
  test("is the ratio to one decimal", () => {
    expect(times(usd("412.5"), usd("130"))).toBe("3.2");
  });

  test("is nothing where there is no usual to compare with", () => {
    expect(times(usd("412.5"), 0n)).toBeUndefined();
  });
});

describe("smallDollars", () => {
  test.each([
    [0.0312, "$0.0312"],
    [0.5, "$0.50"],
    [1234.567, "$1,234.57"],
  ])("%d is %j", (value, words) => {
    expect(smallDollars(value)).toBe(words);
  });
});
