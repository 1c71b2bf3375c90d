import { describe, expect, test } from "vitest";
import * as z from "zod";
import { fitCensoredPareto, tailProbability } from "../../../shared/scoring/censored-tail.ts";
import { scoringFixture } from "../../support/scoring-fixture.ts";

const { cases } = scoringFixture(
  "censored-tail",
  z.object({
    cases: z.array(
      z.object({
        bodyShare: z.number(),
        censoredShare: z.number(),
        calibration: z.array(z.number()),
        scale: z.number(),
        shape: z.number(),
        scores: z.array(z.number()),
        p: z.array(z.number()),
      }),
    ),
  }),
);

describe("tailProbability", () => {
  test.each(cases)("case %#: p-values agree with scipy's fit", (golden) => {
    const tail = tailProbability(golden.calibration, golden);

    for (const [at, score] of golden.scores.entries()) {
      expect(Math.log(tail(score))).toBeCloseTo(Math.log(golden.p[at] ?? 0), 5);
    }
  });

  const even = Array.from({ length: 200 }, (_, at) => at / 200);
  const settings = { bodyShare: 0.8, censoredShare: 0.05 };

  test("in the body it is the conformal rank, ties counted against the score", () => {
    const tail = tailProbability(even, settings);

    // 101 of 200 are at least 0.495, and the unit itself: 102 of 201.
    expect(tail(0.495)).toBeCloseTo(102 / 201, 12);
  });

  test("a higher score never has a higher p-value", () => {
    const tail = tailProbability(even, settings);
    const scores = Array.from({ length: 400 }, (_, at) => at / 200);
    const p = scores.map(tail);

    expect(p.every((value, at) => at === 0 || value <= (p[at - 1] ?? 0))).toBe(true);
  });

  test("beyond all history it is far below one in n, unlike a rank", () => {
    expect(tailProbability(even, settings)(3)).toBeLessThan(1e-4);
  });

  test("with too few scores for a tail there are ranks only", () => {
    const tail = tailProbability(even.slice(0, 40), settings);

    expect(tail(1000)).toBe(1 / 41);
  });

  test("how far the highest scores are out does not matter: they may be what is looked for", () => {
    const wasteful = even.map((score) => (score > 0.96 ? score + 50 : score));

    const clean = tailProbability(even, settings);
    const robust = tailProbability(wasteful, settings);

    expect(robust(1.2)).toBeCloseTo(clean(1.2), 12);
  });

  test("without any calibration nothing is unusual", () => {
    expect(tailProbability([], settings)(5)).toBe(1);
  });
});

describe("fitCensoredPareto", () => {
  test("it finds the scale of exponential excesses", () => {
    // Quantiles of the exponential distribution with mean 2.
    const excesses = Array.from({ length: 500 }, (_, at) => -2 * Math.log(1 - (at + 0.5) / 500));

    const { scale, shape } = fitCensoredPareto(excesses, excesses.length);

    expect(scale).toBeGreaterThan(1.9);
    expect(scale).toBeLessThan(2.1);
    expect(Math.abs(shape)).toBeLessThan(0.05);
  });

  test("no neighbouring parameters explain the excesses better", () => {
    const excesses = [0.1, 0.2, 0.25, 0.4, 0.5, 0.7, 0.9, 1.2, 1.6, 2, 2, 2];
    const fitted = fitCensoredPareto(excesses, 9);
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
