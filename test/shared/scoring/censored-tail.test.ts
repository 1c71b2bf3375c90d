import { describe, expect, test } from "vitest";
import { ascending } from "../../../shared/order-statistics.ts";
import {
  averagedTailProbability,
  type TailProbability,
  tailProbability,
} from "../../../shared/scoring/censored-tail.ts";
import { randomNumbers } from "../../support/synthetic-organisation.ts";

describe("tailProbability", () => {
  const even = Float64Array.from({ length: 200 }, (_, at) => at / 200);
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
    expect(tailProbability(Float64Array.of(), settings)(5)).toBe(1);
  });
});

describe("averagedTailProbability", () => {
  const settings = { bodyShare: 0.8, censoredShare: 0.05 };
  /** How often a further draw from the same exponential distribution has a p-value of one in a thousand or less. */
  const rateOf = (probabilityOf: typeof tailProbability) => {
    const rates = Array.from({ length: 300 }, (_, seed) => {
      const { uniform } = randomNumbers(seed);
      const calibration = Array.from({ length: 100 }, () => -Math.log(1 - uniform()));
      return Math.exp(-scoreOf(0.001, probabilityOf(ascending(calibration), settings)));
    });
    return rates.reduce((a, b) => a + b, 0) / rates.length;
  };

  test("of a hundred scores, it calls one in a thousand what is one in a thousand", () => {
    expect(rateOf(averagedTailProbability)).toBeLessThan(1.2e-3);
    expect(rateOf(averagedTailProbability)).toBeGreaterThan(0.3e-3);
  });

  test("the tail that fits best alone would call half as many again so", () => {
    expect(rateOf(tailProbability)).toBeGreaterThan(1.4e-3);
  });
});

/** The score from which on p-values are at most `p`. */
function scoreOf(p: number, tail: TailProbability): number {
  let [low, high] = [0, 200];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    [low, high] = tail(middle) > p ? [middle, high] : [low, middle];
  }
  return high;
}
