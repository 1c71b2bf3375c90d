import { describe, expect, test } from "vitest";
import { runawayEvidence } from "../../../shared/scoring/runaway-evidence.ts";
import {
  conformalQuantile,
  type FinishedSession,
  isRunaway,
  learnRunawayLimits,
  limitFor,
  RunawayLimits,
} from "../../../shared/scoring/runaway-limit.ts";

const USD = 1_000_000_000n;
const settings = { alpha: 0.01, hardCapUsd: 1000 };

/** Sessions that cost 1, 2, … USD. */
function sessions(
  cohort: string,
  count: number,
  { factor = 1n, creditMicroUnits = 1_000_000 } = {},
): readonly FinishedSession[] {
  return Array.from({ length: count }, (_, at) => ({
    cohort,
    costNanoUsd: BigInt(at + 1) * USD * factor,
    creditMicroUnits,
  }));
}

describe("conformalQuantile", () => {
  test.each([
    // The ceil((n + 1)(1 - alpha))-th smallest.
    { n: 99, alpha: 0.01, expected: 99 },
    { n: 199, alpha: 0.01, expected: 198 },
    { n: 98, alpha: 0.01, expected: undefined },
    { n: 19, alpha: 0.05, expected: 19 },
    { n: 18, alpha: 0.05, expected: undefined },
    { n: 100, alpha: 0.05, expected: 96 },
    { n: 0, alpha: 0.05, expected: undefined },
  ])("of 1 … $n at alpha $alpha it is $expected", ({ n, alpha, expected }) => {
    const values = Array.from({ length: n }, (_, at) => n - at);

    expect(conformalQuantile(values, alpha)).toBe(expected);
  });

  test("the next of exchangeable values passes it with probability alpha at most", () => {
    // All leave-one-out choices of the next value among 1 … 40.
    const values = Array.from({ length: 40 }, (_, at) => at + 1);

    const passed = values.filter((next) => {
      const limit = conformalQuantile(
        values.filter((value) => value !== next),
        0.1,
      );
      return next > (limit ?? Number.POSITIVE_INFINITY);
    });

    expect(passed.length / values.length).toBeLessThanOrEqual(0.1);
    expect(passed.length).toBeGreaterThan(0);
  });
});

describe("learnRunawayLimits", () => {
  test("a cohort with enough successes has a limit of its own", () => {
    const limits = learnRunawayLimits(sessions("a", 199), settings);

    const limit = limitFor(limits, "a");
    expect(limit).toMatchObject({ basis: "cohort", limit: (198n * USD).toString() });
    expect(isRunaway(limit, 198n * USD)).toBe(false);
    expect(isRunaway(limit, 198n * USD + 1n)).toBe(true);
  });

  test("what failed sessions cost does not raise the limit", () => {
    const failed = sessions("a", 500, { factor: 100n, creditMicroUnits: 0 });

    const limits = learnRunawayLimits([...sessions("a", 199), ...failed], settings);

    expect(limitFor(limits, "a").limit).toBe((198n * USD).toString());
  });

  test("a small cohort takes the shape of all, moved and scaled to its own", () => {
    const large = sessions("large", 400);
    const dear = sessions("dear", 40, { factor: 20n });

    const limits = learnRunawayLimits([...large, ...dear], settings);

    const limit = limitFor(limits, "dear");
    expect(limit).toMatchObject({ basis: "pooled", successesOf: "all-cohorts", successes: 440 });
    // Like the large cohort's 1 … 400 USD, but from 20 to 800 USD: near its upper end.
    expect(Number(limit.limit) / 1e9).toBeGreaterThan(760);
    expect(Number(limit.limit) / 1e9).toBeLessThan(840);
  });

  test("a cohort never seen is judged by all", () => {
    const limits = learnRunawayLimits(sessions("a", 400), settings);

    expect(limitFor(limits, "new")).toBe(limits.anyCohort);
    expect(limits.anyCohort.basis).toBe("pooled");
    // A cohort may be called like a property that every object has.
    expect(limitFor(limits, "constructor")).toBe(limits.anyCohort);
  });

  test("with too few successes anywhere only the hard cap holds", () => {
    const limits = learnRunawayLimits(sessions("a", 98), settings);

    expect(limitFor(limits, "a")).toMatchObject({ basis: "hard-cap", limit: "1000000000000" });
  });

  test("before the first session there is the hard cap", () => {
    const { anyCohort, falseShare } = learnRunawayLimits([], settings);

    expect(anyCohort).toMatchObject({ basis: "hard-cap", successes: 0, dearest: [] });
    expect(falseShare).toBe(0.5);
  });

  test("no limit is above the hard cap", () => {
    const limits = learnRunawayLimits(sessions("a", 199), { ...settings, hardCapUsd: 50 });

    expect(limitFor(limits, "a")).toMatchObject({ basis: "hard-cap", limit: "50000000000" });
    expect(limits.anyCohort).toMatchObject({ basis: "hard-cap", limit: "50000000000" });
  });

  test("sessions of unknown cost are not taken as free", () => {
    const free = Array.from({ length: 500 }, () => ({
      cohort: "a",
      costNanoUsd: 0n,
      creditMicroUnits: 1_000_000,
    }));

    const limits = learnRunawayLimits([...sessions("a", 199), ...free], settings);

    expect(limitFor(limits, "a").limit).toBe((198n * USD).toString());
  });

  test("the share of false alarms is what history shows, with one of each added", () => {
    const failed = sessions("a", 250, { creditMicroUnits: 0 });

    const { falseShare } = learnRunawayLimits([...sessions("a", 199), ...failed], settings);

    // Above 198 USD: one success, and the failures of 199 … 250 USD.
    expect(falseShare).toBeCloseTo((1 + 1) / (53 + 2), 12);
  });

  test("limits survive JSON", () => {
    const limits = learnRunawayLimits([...sessions("a", 199), ...sessions("b", 30)], settings);

    expect(RunawayLimits.parse(JSON.parse(JSON.stringify(limits)))).toEqual(limits);
  });
});

describe("runawayEvidence", () => {
  const limits = learnRunawayLimits(sessions("a", 199), settings);
  const open = (usd: bigint, cohort = "a") => ({
    session: "9d0bbe99",
    cohort,
    costNanoUsd: usd * USD,
  });

  test("it says how many successes cost as much, and what they usually cost", () => {
    expect(runawayEvidence(open(199n), limits)).toMatchObject({
      costNanoUsd: 199n * USD,
      expected: { medianNanoUsd: 100n * USD, cohort: "a" },
      excessNanoUsd: 99n * USD,
      p: 2 / 200,
      calibrationUnits: 199,
      topSessions: [{ session: "9d0bbe99", costNanoUsd: 199n * USD }],
    });
    expect(runawayEvidence(open(5000n), limits).p).toBe(1 / 200);
  });

  test("a limit from all cohorts says so", () => {
    expect(runawayEvidence(open(999n, "new"), limits).expected.cohort).toBe("all cohorts");
  });

  test("where only the dearest successes are kept, the share is not understated", () => {
    const many = learnRunawayLimits(sessions("a", 900), { alpha: 0.3, hardCapUsd: 100_000 });

    // 270 of 900 cost more than the limit; 200 of them are kept.
    expect(runawayEvidence(open(640n), many).p).toBe(0.3);
  });

  test("without any success, the cap itself is all there is to compare with", () => {
    const { expected, excessNanoUsd, p } = runawayEvidence(
      open(1200n),
      learnRunawayLimits([], settings),
    );

    expect(expected.medianNanoUsd).toBe(1000n * USD);
    expect(excessNanoUsd).toBe(200n * USD);
    expect(p).toBe(1);
  });
});
