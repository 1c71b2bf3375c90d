import { describe, expect, test } from "vitest";
import { gates, hardTaskRatio } from "./gates.ts";
import { performanceOf } from "./measures/performance.ts";

const NOTHING = performanceOf([]);

describe("gates", () => {
  test("meets a goal at its limit, and misses it beyond", () => {
    const at = (fdr: number) =>
      gates(new Map([["delay", { ...NOTHING, fdr }]]), []).map(({ isMet }) => isMet);

    expect(at(0.13)).toEqual([true]);
    expect(at(0.1301)).toEqual([false]);
  });

  test("has no goal for what was not run", () => {
    expect(gates(new Map(), [])).toEqual([]);
  });

  test("wants a stop rule neither too loud nor too quiet", () => {
    const met = (share: number) => gates(new Map(), [{ alpha: 0.01, share }])[0]?.isMet;

    expect([0.004, 0.006, 0.0129, 0.014].map(met)).toEqual([false, true, true, false]);
  });
});

describe("hardTaskRatio", () => {
  test("sets the hardest third against everyone", () => {
    const performance = {
      ...NOTHING,
      falsePositiveRate: 0.02,
      falsePositiveRateByTercile: [0, 0.01, 0.05],
    };

    expect(hardTaskRatio(performance)).toBe(2.5);
    expect(hardTaskRatio(NOTHING)).toBe(0);
  });
});
