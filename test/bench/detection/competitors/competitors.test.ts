import { describe, expect, test } from "vitest";
import { batchLimit } from "../detector.ts";
import { cursorScore } from "./cursor-usage-tracker.ts";
import { rollingZ, weekdayDeviation } from "./daily-rules.ts";
import { displacement, isolation, randomForest } from "./forests.ts";

/** 14 days before 2026-08-15, alternately $8 and $12: mean 10, deviation 2. */
const DAYS = new Map(
  Array.from({ length: 14 }, (_, at) => [
    `2026-08-${String(at + 1).padStart(2, "0")}`,
    at % 2 ? 12 : 8,
  ]),
);

describe("rollingZ", () => {
  test("is the distance to the mean of 14 days in their deviations", () => {
    expect(rollingZ(new Map([...DAYS, ["2026-08-15", 17]]), "2026-08-15")).toBe(3.5);
  });

  test("says nothing with fewer than seven days of spend", () => {
    expect(rollingZ(new Map([["2026-08-14", 8]]), "2026-08-15")).toBeUndefined();
  });
});

describe("weekdayDeviation", () => {
  test("compares with the same weekday only", () => {
    const own = new Map([
      ["2026-08-03", 1],
      ["2026-07-27", 2],
      ["2026-07-20", 3],
      ["2026-07-13", 4],
      ["2026-08-09", 1_000],
      ["2026-08-10", 10],
    ]);

    // Median 2.5, deviations .5, .5, 1.5, 1.5: their median is 1.
    expect(weekdayDeviation(own, "2026-08-10")).toBeCloseTo(7.5 / 1.4826, 10);
  });
});

describe("cursorScore", () => {
  const DAY = {
    usd: 60,
    others: [10, 10, 10, 10, 60],
    ownBefore: [10, 10, 10, 10, 10, 10, 10],
    cycleUsd: 100,
    teamCycleMedian: 100,
  };

  test("is above 1 for six times the own mean, from the floor on", () => {
    expect(cursorScore(DAY, 50)).toBeCloseTo(1.2, 12);
    expect(cursorScore({ ...DAY, usd: 49 }, 50)).toBeCloseTo(0.1, 12);
  });

  test("has no floor for ten times the account's median of a cycle", () => {
    expect(cursorScore({ ...DAY, usd: 1, cycleUsd: 1_100 }, 50)).toBeCloseTo(1.1, 12);
  });
});

describe("forests", () => {
  const CLOUD = Array.from({ length: 100 }, (_, at) => [at % 10, Math.floor(at / 10)]);

  test("find a point far from all others stranger than one among them", () => {
    const isolating = randomForest(CLOUD, "any side");
    const cutting = randomForest(CLOUD, "by length");

    expect(isolation(isolating, [40, 40])).toBeGreaterThan(isolation(isolating, [5, 5]));
    expect(displacement(cutting, [40, 40])).toBeGreaterThan(displacement(cutting, [5, 5]));
  });

  test("expect a point at the far side of a box to part from all others, by hand", () => {
    // One tree is like another: two points, one cut. Outside by 3 of a span of 1: parts 3/4 of the
    // time from both, else from one of the two for sure.
    const forest = randomForest([[0], [1]], "by length");

    expect(displacement(forest, [4])).toBeCloseTo(0.75 * 2 + 0.25 * 1, 12);
  });

  test("grow the same from the same points", () => {
    expect(randomForest(CLOUD, "any side")).toEqual(randomForest(CLOUD, "any side"));
  });
});

describe("batchLimit", () => {
  test("is the largest p-value at or below its share of the rate", () => {
    // 0.01 <= 0.025, 0.04 <= 0.05, 0.09 > 0.075, 0.5 > 0.1.
    expect(batchLimit([0.5, 0.04, 0.09, 0.01], 0.1)).toBe(0.04);
    expect(batchLimit([0.5, 0.6], 0.1)).toBe(-1);
  });
});
