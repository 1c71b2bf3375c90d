import { describe, expect, test } from "vitest";
import * as z from "zod";
import { ascending, quantile, robustScale } from "../../../shared/order-statistics.ts";
import { benjaminiHochberg } from "../../../shared/scoring/benjamini-hochberg.ts";
import { fitCensoredPareto } from "../../../shared/scoring/censored-pareto.ts";
import { tailProbability } from "../../../shared/scoring/censored-tail.ts";
import { solveLinear } from "../../../shared/scoring/linear-system.ts";
import { newtonMinimum } from "../../../shared/scoring/newton-minimum.ts";
import { conformalQuantile } from "../../../shared/scoring/runaway-limit.ts";
import { scoringFixture } from "../../support/scoring-fixture.ts";

const Numbers = z.array(z.number());

/** Largest relative difference. */
function relativeError(actual: readonly number[], expected: readonly number[]): number {
  return Math.max(...expected.map((value, at) => Math.abs((actual[at] ?? Number.NaN) / value - 1)));
}

describe("benjaminiHochberg", () => {
  const { cases } = scoringFixture(
    "benjamini-hochberg",
    z.object({ cases: z.array(z.object({ p: Numbers, adjusted: Numbers })) }),
  );

  test.each(cases)(
    "case %#: rejects where scipy's adjusted p-value is below the rate",
    (golden) => {
      for (const rate of [0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 0.9]) {
        expect(benjaminiHochberg(golden.p, rate)).toEqual(golden.adjusted.map((p) => p <= rate));
      }
    },
  );
});

describe("solveLinear", () => {
  const { systems } = scoringFixture(
    "linear-systems",
    z.object({
      systems: z.array(z.object({ matrix: z.array(Numbers), right: Numbers, solution: Numbers })),
    }),
  );

  test.each(systems)("system %#: agrees with mpmath to 1e-9", ({ matrix, right, solution }) => {
    expect(relativeError(solveLinear(matrix, right), solution)).toBeLessThan(1e-9);
  });
});

describe("fitCensoredPareto", () => {
  const { fits } = scoringFixture(
    "pareto-fits",
    z.object({
      fits: z.array(
        z.object({
          excesses: Numbers,
          uncensored: z.number(),
          scale: z.number(),
          shape: z.number(),
        }),
      ),
    }),
  );

  test.each(fits)("fit %#: is where the gradient is zero, to 1e-9", (golden) => {
    const { scale, shape } = fitCensoredPareto(
      Float64Array.from(golden.excesses),
      golden.uncensored,
    );

    expect(relativeError([scale, shape], [golden.scale, golden.shape])).toBeLessThan(1e-9);
  });

  test("without any excess that is known, it is the prior's shape", () => {
    // One censored excess of zero says nothing: only the penalty of the shape is left, 0.05.
    expect(fitCensoredPareto(Float64Array.of(0), 0).shape).toBeCloseTo(0.05, 7);
  });
});

describe("tailProbability", () => {
  const { cases } = scoringFixture(
    "censored-tail",
    z.object({
      cases: z.array(
        z.object({
          bodyShare: z.number(),
          censoredShare: z.number(),
          calibration: Numbers,
          scores: Numbers,
          p: Numbers,
        }),
      ),
    }),
  );

  test.each(cases)("case %#: p-values agree with mpmath's to 1e-9, far out too", (golden) => {
    const p = golden.scores.map(tailProbability(ascending(golden.calibration), golden));

    expect(Math.min(...golden.p)).toBeLessThan(1e-3);
    expect(relativeError(p, golden.p)).toBeLessThan(1e-9);
  });
});

describe("newtonMinimum", () => {
  test("it finds the minimum of a tilted quadratic, as the normal equations give it", () => {
    // 2x² + xy + 3y² − 5x + 4y: 4x + y = 5 and x + 6y = −4, so x = 34/23 and y = −21/23.
    const at = newtonMinimum(
      ([x = 0, y = 0]) => ({
        value: 2 * x * x + x * y + 3 * y * y - 5 * x + 4 * y,
        gradient: [4 * x + y - 5, x + 6 * y + 4],
        hessian: [
          [4, 1],
          [1, 6],
        ],
      }),
      [0, 0],
    );

    expect(relativeError(at, [34 / 23, -21 / 23])).toBeLessThan(1e-12);
  });
});

describe("order statistics", () => {
  test.each([
    { share: 0.1, expected: 1.9 },
    { share: 1 / 3, expected: 4 },
    { share: 0.95, expected: 9.55 },
  ])("the quantile $share of 1 … 10 lies at 1 + 9 times the share", ({ share, expected }) => {
    const values = [3, 1, 4, 10, 5, 9, 2, 6, 8, 7];

    expect(relativeError([quantile(values, share)], [expected])).toBeLessThan(1e-12);
  });

  test("the scale of 1 … 9 is twice 1.4826", () => {
    // Deviations from 5: 0 1 1 2 2 3 3 4 4; their median is 2.
    expect(robustScale([9, 8, 7, 6, 5, 4, 3, 2, 1])).toBeCloseTo(2.9652, 12);
  });

  test("ties count as order statistics of their own in a conformal quantile", () => {
    // ceil(20 · 0.9) = 18th smallest of nineteen: of sixteen ones and three twos, a two.
    const tied = [...Array.from({ length: 16 }, () => 1), 2, 2, 2];

    expect(conformalQuantile(tied, 0.1)).toBe(2);
    expect(conformalQuantile(tied, 0.2)).toBe(1);
  });
});
