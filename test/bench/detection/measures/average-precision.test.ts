import { describe, expect, test } from "vitest";
import { averagePrecision } from "./average-precision.ts";

const unit = (score: number, isGamed: boolean) => ({ score, isGamed });

describe("averagePrecision", () => {
  test("is the mean of the precision at each gamed unit, by hand", () => {
    // Found at ranks 1 and 3: (1/1 + 2/3) / 2.
    const units = [unit(9, true), unit(8, false), unit(7, true), unit(6, false)];

    expect(averagePrecision(units)).toBeCloseTo(5 / 6, 12);
  });

  test("takes equal scores as one step, in whatever order they come", () => {
    const units = [unit(9, true), unit(9, false), unit(1, false)];

    expect(averagePrecision(units)).toBe(0.5);
    expect(averagePrecision(units.toReversed())).toBe(0.5);
  });

  test("is zero where nothing is gamed", () => {
    expect(averagePrecision([unit(1, false)])).toBe(0);
  });
});
