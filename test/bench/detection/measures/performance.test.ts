import { describe, expect, test } from "vitest";
import type { JudgedUnit } from "./judged-unit.ts";
import { performanceOf } from "./performance.ts";

function unit(changes: Partial<JudgedUnit> = {}): JudgedUnit {
  return {
    seed: 1,
    week: 10,
    user: "user-017",
    sessions: 10,
    score: 0,
    isFlagged: false,
    tercile: 0,
    ...changes,
  };
}

const GAMING = { tactic: "idle loop", since: 10, wasteUsd: 30 } as const;

/** Two weeks: one true and one false flag in the first, nothing flagged in the second. */
const UNITS = [
  unit({ user: "a", isFlagged: true, score: 5, gaming: GAMING }),
  unit({ user: "b", isFlagged: true, score: 4, tercile: 2 }),
  unit({ user: "c" }),
  unit({ user: "d", week: 11, gaming: { ...GAMING, since: 11, wasteUsd: 90 } }),
  unit({ user: "e", week: 11, tercile: 2 }),
];

describe("performanceOf", () => {
  test("counts by hand what was found, missed and flagged wrongly", () => {
    expect(performanceOf(UNITS)).toMatchObject({
      units: 5,
      gamed: 2,
      flagged: 2,
      precision: 0.5,
      recall: 0.5,
      dollarRecall: 0.25,
      fdr: 0.5,
      weeklyFdp: 0.25,
      weeksWithAlert: 0.5,
      alertsPerThousandSessions: 40,
      falsePerThousandSessions: 20,
      alertsPerOwnerWeek: 0.1,
      falsePerOwnerWeek: 0.05,
      falsePositiveRate: 1 / 3,
      falsePositiveRateByTercile: [0, 0, 0.5],
      episodesFound: 0.5,
      delayDays: 7,
    });
  });

  test("tells recall and waste of each tactic", () => {
    expect(performanceOf(UNITS).recallByTactic).toEqual({
      "idle loop": { units: 2, recall: 0.5, meanWasteUsd: 60 },
    });
  });

  test("counts the days until a rule tells within the week", () => {
    const told = unit({ isFlagged: true, day: "2026-08-13", gaming: GAMING });

    // Week 10 begins on 10 August 2026.
    expect(performanceOf([told]).delayDays).toBe(3);
  });

  test("counts an episode once, from its first flag", () => {
    const missed = unit({ gaming: GAMING });
    const found = unit({ week: 12, isFlagged: true, gaming: GAMING });

    expect(performanceOf([missed, found])).toMatchObject({ episodesFound: 1, delayDays: 21 });
  });

  test("spans with its interval what differs between seeds", () => {
    const falseOne = unit({ seed: 2, isFlagged: true });
    const trueOne = unit({ seed: 1, isFlagged: true, gaming: GAMING });

    expect(performanceOf([falseOne, trueOne]).fdrInterval).toEqual({ low: 0, high: 1 });
    expect(performanceOf([trueOne]).fdrInterval).toEqual({ low: 0, high: 0 });
  });
});
