import { describe, expect, test } from "vitest";
import {
  countedEvidence,
  evidenceTally,
  signalEvidence,
} from "../../../shared/scoring/evidence.ts";

describe("countedEvidence", () => {
  test("the three strongest signals count and the others do not", () => {
    expect(countedEvidence([2, 1, 3, 4, -1])).toEqual([
      signalEvidence(2),
      0,
      signalEvidence(3),
      signalEvidence(4),
      0,
    ]);
  });

  test("signals that are equally strong never count more than three times together", () => {
    const counted = countedEvidence([40, 40, 40, 40, 40]);

    expect(counted.filter((evidence) => evidence > 0)).toHaveLength(3);
  });
});

describe("evidenceTally", () => {
  const total = (zs: readonly number[]) => zs.reduce((sum, z) => sum + signalEvidence(z), 0);

  test.each([
    [
      [2, 1, 3, 4, -1],
      [4, 3, 2],
    ],
    [
      [-2, -1],
      [-1, -2],
    ],
    [
      [1, 1, 1, 1],
      [1, 1, 1],
    ],
    [[], []],
  ])("of %j the strongest three count", (zs, counted) => {
    const tally = evidenceTally();
    for (const z of zs) {
      tally.add(z);
    }

    expect(tally.take()).toBeCloseTo(total(counted), 12);
  });

  test("what was taken is counted no more", () => {
    const tally = evidenceTally();
    tally.add(40);
    tally.take();
    tally.add(1);

    expect(tally.take()).toBe(signalEvidence(1));
  });
});

test("evidence is bounded: a z of 40 says no more than one chance in 10^12", () => {
  expect(signalEvidence(40)).toBeCloseTo(12 * Math.LN10, 9);
  expect(signalEvidence(0)).toBeCloseTo(Math.LN2, 9);
});
