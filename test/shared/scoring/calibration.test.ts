import { describe, expect, test } from "vitest";
import { calibratedPValues, selfCleaned } from "../../../shared/scoring/calibration.ts";

/** Quantiles of the exponential distribution: scores of a calm history. */
const calm = Array.from({ length: 300 }, (_, at) => -Math.log(1 - (at + 0.5) / 300));
/** Three per cent of it far out. */
const wasteful = [...calm, ...Array.from({ length: 9 }, (_, at) => 25 + at)];

describe("selfCleaned", () => {
  test("scores that history itself finds absurd are left out", () => {
    expect(Math.max(...selfCleaned(wasteful))).toBeLessThan(25);
    expect(selfCleaned(wasteful).length).toBeGreaterThan(290);
  });

  test("a score that somebody vouched for stays, however absurd", () => {
    const isVouchedFor = wasteful.map((score) => score === 30);

    const kept = selfCleaned(wasteful, isVouchedFor);

    expect(kept.at(-1)).toBe(30);
    expect(kept.at(-2)).toBeLessThan(25);
  });

  test("a calm history loses next to nothing", () => {
    expect(selfCleaned(calm).length).toBeGreaterThanOrEqual(298);
  });
});

describe("calibratedPValues", () => {
  test("waste in the history does not make waste usual", () => {
    const judged = [20];
    const [clean = 1] = calibratedPValues([{ calibration: calm, judged }]).pValues;
    const [dirty = 1] = calibratedPValues([{ calibration: wasteful, judged }]).pValues;

    // By rank alone it would be one of ten in three hundred.
    expect(dirty).toBeLessThan(1e-4);
    expect(dirty / clean).toBeLessThan(20);
  });

  test("it is the geometric mean of what the folds say", () => {
    const few = [1, 2, 3];
    const folds = [
      { calibration: few, judged: [2.5, 9] },
      { calibration: few, judged: [0.5, 9] },
    ];

    const { pValues, calibrationUnits } = calibratedPValues(folds);

    // Ranks: 2 of 4 and 4 of 4; and 1 of 4 twice.
    expect(pValues[0]).toBeCloseTo(Math.sqrt(0.5 * 1), 12);
    expect(pValues[1]).toBeCloseTo(0.25, 12);
    expect(calibrationUnits).toBe(6);
  });
});
