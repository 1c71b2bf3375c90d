import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { roundedNanoUsd } from "../../../shared/money/exact-ratio.ts";
import { roundTogether } from "../../../shared/money/round-together.ts";

const NANO = 1_000_000_000n;

describe("roundTogether", () => {
  test("parts sum to the rounded sum, and each is less than a nano-dollar off", () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 40n });
    const denominator = fc.bigInt({ min: 1n, max: 10n ** 26n });
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 40 }), denominator, (numerators, over) => {
        const parts = roundTogether(numerators, over);

        const numerator = numerators.reduce((sum, part) => sum + part, 0n);
        const rounded = roundedNanoUsd({ numerator, denominator: over });
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(rounded);
        for (const [i, part] of parts.entries()) {
          const off = part * over - (numerators[i] ?? 0n) * NANO;
          expect(off < over && -off < over).toBe(true);
        }
      }),
    );
  });
});
