import { describe, expect, test } from "vitest";
import * as z from "zod";
import {
  countBelow,
  mediansOfOthers,
  quantile,
  robustScale,
} from "../../../shared/scoring/order-statistics.ts";
import { scoringFixture } from "../../support/scoring-fixture.ts";

const golden = scoringFixture(
  "order-statistics",
  z.object({
    values: z.array(z.number()),
    quantiles: z.array(z.tuple([z.number(), z.number()])),
    robustScale: z.number(),
  }),
);

describe("quantile", () => {
  test.each(golden.quantiles)("at %d it agrees with numpy", (share, expected) => {
    expect(quantile(golden.values, share)).toBeCloseTo(expected, 12);
  });

  test("it lies between order statistics in proportion", () => {
    // R: quantile(c(40, 10, 30, 20), 0.25, type = 7) is 17.5.
    expect(quantile([40, 10, 30, 20], 0.25)).toBe(17.5);
  });

  test("of nothing it is an error, not zero", () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});

describe("robustScale", () => {
  test("it agrees with numpy", () => {
    expect(robustScale(golden.values)).toBeCloseTo(golden.robustScale, 12);
  });

  test("one absurd value does not move it", () => {
    // Median 3, deviations 2 1 0 1 and 997: their median is 1.
    expect(robustScale([1, 2, 3, 4, 1000])).toBeCloseTo(1.4826, 12);
  });
});

describe("mediansOfOthers", () => {
  test("each value is left out of its own comparison", () => {
    expect(mediansOfOthers([1, 5, 9, 100])).toEqual([9, 9, 5, 5]);
    expect(mediansOfOthers([1, 5, 9])).toEqual([7, 5, 3]);
  });

  test("equal values are left out one at a time", () => {
    expect(mediansOfOthers([4, 4, 10])).toEqual([7, 7, 4]);
  });

  test("nobody can be compared with nobody", () => {
    expect(mediansOfOthers([3])).toEqual([undefined]);
  });
});

test("countBelow does not count equal values", () => {
  expect([0, 1, 2, 3, 9].map((value) => countBelow([1, 2, 2, 5], value))).toEqual([0, 0, 1, 3, 4]);
});
