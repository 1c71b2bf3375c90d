import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median, robustScale } from "../../../shared/order-statistics.ts";
import { trailingUsual } from "../../../shared/scoring/trailing-usual.ts";

describe("trailingUsual", () => {
  test("is of the values before, not of the value itself", () => {
    const usual = trailingUsual([1, 2, 3, 100], { length: 10, fewest: 3 });

    expect(usual.slice(0, 3)).toEqual([undefined, undefined, undefined]);
    expect(usual[3]).toEqual({ median: 2, scale: 1.4826, count: 3 });
  });

  test("forgets what is longer ago than its length", () => {
    const usual = trailingUsual([1000, 1, 2, 3, 4], { length: 3, fewest: 3 });

    expect(usual[4]).toMatchObject({ median: 2, count: 3 });
  });

  test("is what median and scale of each stretch are, in ties and reversals too", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -20, max: 20 }).map((value) => value / 4)),
        fc.integer({ min: 1, max: 9 }),
        (values, length) => {
          const usual = trailingUsual(values, { length, fewest: 1 });

          for (const [at, own] of usual.entries()) {
            const before = values.slice(Math.max(0, at - length), at);
            expect(own?.count ?? 0).toBe(before.length);
            if (own !== undefined) {
              expect(own.median).toBeCloseTo(median(before), 12);
              expect(own.scale).toBeCloseTo(robustScale(before), 12);
            }
          }
        },
      ),
    );
  });
});
