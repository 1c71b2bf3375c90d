import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median, robustScale } from "../../../shared/order-statistics.ts";
import { trailingUsual } from "../../../shared/scoring/trailing-usual.ts";

describe("trailingUsual", () => {
  const usualOf = (values: readonly number[], length: number, fewest: number) =>
    trailingUsual(Float64Array.from(values), { length, fewest });

  test("is of the values before, not of the value itself", () => {
    const { medians, scales } = usualOf([1, 2, 3, 100], 10, 3);

    expect([...medians]).toEqual([Number.NaN, Number.NaN, Number.NaN, 2]);
    expect([...scales]).toEqual([Number.NaN, Number.NaN, Number.NaN, 1.4826]);
  });

  test("forgets what is longer ago than its length", () => {
    expect(usualOf([1000, 1, 2, 3, 4], 3, 3).medians[4]).toBe(2);
  });

  test("is what median and scale of each stretch are, in ties and reversals too", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -20, max: 20 }).map((value) => value / 4)),
        fc.integer({ min: 1, max: 9 }),
        (values, length) => {
          const { medians, scales } = usualOf(values, length, 1);

          for (const [at, usual] of medians.entries()) {
            const before = values.slice(Math.max(0, at - length), at);
            expect(Number.isNaN(usual)).toBe(at === 0);
            if (at > 0) {
              expect(usual).toBeCloseTo(median(before), 12);
              expect(scales[at]).toBeCloseTo(robustScale(before), 12);
            }
          }
        },
      ),
    );
  });
});
