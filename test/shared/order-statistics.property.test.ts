import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ascending,
  median,
  medianOfOthers,
  quantile,
  quantileInPlace,
  quantileOfSorted,
  robustScale,
} from "../../shared/order-statistics.ts";

describe("quantile", () => {
  const share = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ noNaN: true, min: 0, max: 1 }));
  const few = fc.array(fc.nat(5), { minLength: 1, maxLength: 400 });
  const many = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
    minLength: 1,
    maxLength: 400,
  });

  test("it is to the last digit what sorting gives, with ties or without", () => {
    fc.assert(
      fc.property(fc.oneof(few, many), share, (values, at) => {
        expect(quantile(values, at) + 0).toBe(quantileOfSorted(ascending(values), at) + 0);
      }),
    );
  });

  test.each([
    { name: "in order", of: (at: number) => at },
    { name: "in reverse", of: (at: number) => -at },
    { name: "up and down again", of: (at: number) => Math.min(at, 1000 - at) },
    { name: "all the same", of: () => 7 },
  ])("so it is of values $name", ({ of }) => {
    const values = Array.from({ length: 1001 }, (_, at) => of(at));

    for (const at of [0.1, 0.5, 0.9]) {
      expect(quantile(values, at)).toBe(quantileOfSorted(ascending(values), at));
    }
  });

  test("in place, what is beyond the count is neither seen nor moved", () => {
    const values = Float64Array.from({ length: 60 }, (_, at) => (at < 50 ? (at * 7) % 50 : -at));

    expect(quantileInPlace(values, 0.5, 50)).toBe(24.5);
    expect([...values.subarray(50)]).toEqual(Array.from({ length: 10 }, (_, at) => -50 - at));
  });
});

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
