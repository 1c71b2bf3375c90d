import { describe, expect, test } from "vitest";
import { countedEvidence, signalEvidence } from "../../../shared/scoring/evidence.ts";

const signals = [
  { signal: "cost-given-delivery", z: 2 },
  { signal: "own-usual", z: 1 },
  { signal: "calls-per-session", z: 3 },
  { signal: "agents-per-session", z: 4 },
  { signal: "small-tasks", z: -1 },
] as const;

describe("countedEvidence", () => {
  test("of a dearer week, the three strongest signals count and the others do not", () => {
    expect(countedEvidence(signals, true)).toEqual([
      signalEvidence(2),
      0,
      signalEvidence(3),
      signalEvidence(4),
      0,
    ]);
  });

  test("of a week that was not dearer, only the dollars count", () => {
    expect(countedEvidence(signals, false)).toEqual([
      signalEvidence(2),
      signalEvidence(1),
      0,
      0,
      0,
    ]);
  });

  test("signals that are equally strong never count more than three times together", () => {
    const equal = signals.map(({ signal }) => ({ signal, z: 40 }));

    const counted = countedEvidence(equal, true);

    expect(counted.filter((evidence) => evidence > 0)).toHaveLength(3);
  });
});

test("evidence is bounded: a z of 40 says no more than one chance in 10^12", () => {
  expect(signalEvidence(40)).toBeCloseTo(12 * Math.LN10, 9);
  expect(signalEvidence(0)).toBeCloseTo(Math.LN2, 9);
});
