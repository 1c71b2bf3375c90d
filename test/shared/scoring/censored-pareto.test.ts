import { describe, expect, test } from "vitest";
import { fitCensoredPareto, logSurvivalCost } from "../../../shared/scoring/censored-pareto.ts";

describe("fitCensoredPareto", () => {
  test("it finds the scale of exponential excesses", () => {
    // Quantiles of the exponential distribution with mean 2.
    const excesses = Array.from({ length: 500 }, (_, at) => -2 * Math.log(1 - (at + 0.5) / 500));

    const { scale, shape } = fitCensoredPareto(Float64Array.from(excesses), excesses.length);

    expect(scale).toBeGreaterThan(1.9);
    expect(scale).toBeLessThan(2.1);
    expect(Math.abs(shape)).toBeLessThan(0.05);
  });

  test("no neighbouring parameters explain the excesses better", () => {
    const excesses = [0.1, 0.2, 0.25, 0.4, 0.5, 0.7, 0.9, 1.2, 1.6, 2, 2, 2];
    const fitted = fitCensoredPareto(Float64Array.from(excesses), 9);
    // The penalised likelihood, written out once more.
    const loss = (scale: number, shape: number) =>
      excesses.reduce(
        (sum, x, at) => {
          const logZ = Math.log(1 + (shape * x) / scale);
          return sum + (at < 9 ? Math.log(scale) + (1 / shape + 1) * logZ : logZ / shape);
        },
        0.5 * ((shape - 0.05) / 0.1) ** 2,
      );

    const best = loss(fitted.scale, fitted.shape);

    for (const [scale, shape] of [
      [1.01, 0],
      [0.99, 0],
      [1, 0.005],
      [1, -0.005],
    ] as const) {
      expect(loss(fitted.scale * scale, fitted.shape + shape)).toBeGreaterThan(best);
    }
  });
});

describe("logSurvivalCost", () => {
  test("a shape of next to nothing is next to an exponential tail, and not the same", () => {
    // ln(1 + ξr)/ξ = r − ξr²/2 + …; at r = 4 and ξ = 1e-7 that is 4 − 8e-7.
    expect(logSurvivalCost(8, { scale: 2, shape: 1e-7 })).toBeCloseTo(4 - 8e-7, 12);
    expect(logSurvivalCost(8, { scale: 2, shape: 0 })).toBe(4);
  });

  test("past the end of a bounded tail there is nothing", () => {
    expect(logSurvivalCost(20, { scale: 1, shape: -0.1 })).toBe(Number.POSITIVE_INFINITY);
  });
});
