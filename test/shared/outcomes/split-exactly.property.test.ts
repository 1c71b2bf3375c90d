import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitExactly } from "../../../shared/outcomes/split-exactly.ts";

describe("splitExactly", () => {
  test("what rounding leaves goes to the largest remainders, the earlier first", () => {
    expect(splitExactly(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(splitExactly(10, [2, 1, 3])).toEqual([3, 2, 5]);
  });

  test("nothing to split to is no part at all", () => {
    expect(splitExactly(10, [])).toEqual([]);
  });

  test("the parts are whole, off by less than one, and sum to the total", () => {
    const weights = fc.array(fc.double({ min: 0, max: 1e18, noNaN: true }), { minLength: 1 });

    fc.assert(
      fc.property(fc.nat(1_000_000), weights, (total, all) => {
        const sum = all.reduce((a, b) => a + b, 0);

        const parts = splitExactly(total, all);

        expect(parts.reduce((a, b) => a + b, 0)).toBe(total);
        for (const [at, part] of parts.entries()) {
          const exact = sum > 0 ? (total * (all[at] ?? 0)) / sum : total / all.length;
          expect(Number.isInteger(part)).toBe(true);
          expect(Math.abs(part - exact)).toBeLessThan(1 + 1e-6);
        }
      }),
    );
  });
});
