import { describe, expect, test } from "vitest";
import { benjaminiHochberg } from "../../../shared/scoring/benjamini-hochberg.ts";

describe("benjaminiHochberg", () => {
  test("the largest p-value under its rank's threshold takes all smaller ones with it", () => {
    // Thresholds at 5 %: 0.01, 0.02, 0.03, 0.04, 0.05. The second, 0.025, is above its own, but the
    // third, 0.029, is under its own.
    expect(benjaminiHochberg([0.029, 0.5, 0.001, 0.9, 0.025], 0.05)).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  test("the example of the 1995 paper rejects the four smallest of fifteen", () => {
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
      0.6528, 0.759, 1,
    ];

    expect(benjaminiHochberg(p, 0.05).filter(Boolean)).toHaveLength(4);
  });

  test("equal p-values share one fate", () => {
    expect(benjaminiHochberg([0.02, 0.02, 0.9, 0.9], 0.05)).toEqual([true, true, false, false]);
  });

  test("no hypotheses, no rejections", () => {
    expect(benjaminiHochberg([], 0.05)).toEqual([]);
  });
});
