import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ascending, median, medianOfOthers, robustScale } from "../../shared/order-statistics.ts";

describe("medianOfOthers", () => {
  test("it is what sorting the others anew for each value would give", () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 12 });

    fc.assert(
      fc.property(values, (all) => {
        const slow = all.map((_, at) => median(all.filter((__, other) => other !== at)));

        expect(all.map((value) => medianOfOthers(ascending(all), value))).toEqual(slow);
      }),
    );
  });
});

describe("robustScale", () => {
  test("is to the last digit the scaled median of the distances from the median", () => {
    const values = fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.nat(5)), {
      minLength: 1,
      maxLength: 60,
    });

    fc.assert(
      fc.property(values, (all) => {
        const centre = median(all);

        const slow = 1.4826 * median(all.map((x) => Math.abs(x - centre)));
        // Zero has two signs, which are the same scale.
        expect(robustScale(all) === slow).toBe(true);
      }),
    );
  });
});
