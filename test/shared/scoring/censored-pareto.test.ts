import { describe, expect, test } from "vitest";
import {
  fitCensoredPareto,
  likelyTails,
  logSurvivalCost,
} from "../../../shared/scoring/censored-pareto.ts";

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

describe("likelyTails", () => {
  const excesses = [0.1, 0.2, 0.25, 0.4, 0.5, 0.7, 0.9, 1.2, 1.3, 1.6, 1.9, 2, 2.2, 2.4, 2.4, 2.4];
  const uncensored = 13;
  const survival = (copies: number, excess: number) =>
    likelyTails(
      Float64Array.from(excesses.flatMap((x) => Array.from({ length: copies }, () => x))),
      uncensored * copies,
    ).reduce((sum, { weight, tail }) => sum + weight * Math.exp(-logSurvivalCost(excess, tail)), 0);

  test("they average to what the whole posterior says, but for a fifth", () => {
    // Likelihood and penalty, written out once more, on a grid of (logarithm of the scale, shape).
    const known = excesses.slice(0, uncensored);
    const grid = Array.from({ length: 121 }, (_, i) => -1 + i / 40).flatMap((logScale) =>
      Array.from({ length: 121 }, (_, j) => ({ logScale, shape: -0.4 + j / 120 + 1e-6 })),
    );
    const posterior = grid.map(({ logScale, shape }) => {
      const logZ = (x: number) => Math.log(1 + (shape * x) / Math.exp(logScale));
      const loss =
        0.5 * ((shape - 0.05) / 0.1) ** 2 +
        excesses.reduce((sum, x) => sum + logZ(x) / shape, 0) +
        known.reduce((sum, x) => sum + logScale + logZ(x), 0);
      return Number.isNaN(loss) ? 0 : Math.exp(-loss);
    });
    const far = grid.map(({ logScale, shape }) =>
      // As the fit has it: a tail is never bounded nearer than that of shape -0.1.
      Math.exp(
        -logSurvivalCost(6, {
          scale: Math.exp(logScale),
          shape: Math.min(0.5, Math.max(-0.1, shape)),
        }),
      ),
    );
    const total = posterior.reduce((a, b) => a + b, 0);
    const exact = posterior.reduce((sum, density, at) => sum + density * (far[at] ?? 0), 0) / total;

    expect(survival(1, 6) / exact).toBeGreaterThan(0.8);
    expect(survival(1, 6) / exact).toBeLessThan(1.2);
  });

  test("the more excesses say the same, the closer they are to the best fit", () => {
    const best = fitCensoredPareto(Float64Array.from(excesses), uncensored);
    const bestFit = Math.exp(-logSurvivalCost(8, best));

    expect(survival(1, 8)).toBeGreaterThan(2 * survival(100, 8));
    expect(bestFit).toBeLessThan(survival(1, 8));
  });

  test("one excess that says nothing leaves the prior's shapes, and one scale", () => {
    const tails = likelyTails(Float64Array.of(0), 0);

    expect(tails.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
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
