import { describe, expect, test } from "vitest";
import * as z from "zod";
import {
  countBelow,
  countUpTo,
  medianOfOthers,
  quantile,
  robustScale,
  sortFirst,
} from "../../shared/order-statistics.ts";
import { scoringFixture } from "../support/scoring-fixture.ts";

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

describe("medianOfOthers", () => {
  const ofEach = (sorted: readonly number[]) =>
    sorted.map((value) => medianOfOthers(sorted, value));

  test("each value is left out of its own comparison", () => {
    expect(ofEach([1, 5, 9, 100])).toEqual([9, 9, 5, 5]);
    expect(ofEach([1, 5, 9])).toEqual([7, 5, 3]);
  });

  test("equal values are left out one at a time", () => {
    expect(ofEach([4, 4, 10])).toEqual([7, 7, 4]);
  });

  test("what is beyond the count is no part of it", () => {
    expect(medianOfOthers([1, 5, 9, 0, 0], 5, 3)).toBe(5);
  });
});

describe("sortFirst", () => {
  test.each([3, 40])("sorts %d values and leaves those behind them", (count) => {
    const values = Float64Array.from({ length: count + 2 }, (_, at) => (at * 7) % 11);
    const expected = [...values.slice(0, count).sort(), ...values.slice(count)];

    sortFirst(values, count);

    expect([...values]).toEqual(expected);
  });
});

test("countBelow does not count equal values", () => {
  expect([0, 1, 2, 3, 9].map((value) => countBelow([1, 2, 2, 5], value))).toEqual([0, 0, 1, 3, 4]);
});

test("countUpTo counts them", () => {
  expect([0, 1, 2, 3, 9].map((value) => countUpTo([1, 2, 2, 5], value))).toEqual([0, 1, 3, 3, 4]);
});
