import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median, mediansOfOthers } from "../../../shared/scoring/order-statistics.ts";

describe("mediansOfOthers", () => {
  test("it is what sorting the others anew for each value would give", () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 12 });

    fc.assert(
      fc.property(values, (all) => {
        const slow = all.map((_, at) => median(all.filter((__, other) => other !== at)));

        expect(mediansOfOthers(all)).toEqual(slow);
      }),
    );
  });
});
