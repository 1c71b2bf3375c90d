import { describe, expect, test } from "vitest";
import * as z from "zod";
import { expectedLogCost, fitSpend } from "../../../shared/scoring/spend-regression.ts";
import { scoringFixture } from "../../support/scoring-fixture.ts";

const golden = scoringFixture(
  "spend-regression",
  z.object({
    observations: z.array(
      z.object({ logCost: z.number(), credit: z.number(), cohort: z.string() }),
    ),
    intercept: z.number(),
    slope: z.number(),
    undelivered: z.number(),
    cohorts: z.record(z.string(), z.number()),
  }),
);

describe("fitSpend", () => {
  test("eliminating the cohorts first gives what numpy gives for the whole system", () => {
    const model = fitSpend(golden.observations);

    expect(model.intercept).toBeCloseTo(golden.intercept, 9);
    expect(model.slope).toBeCloseTo(golden.slope, 9);
    expect(model.undelivered).toBeCloseTo(golden.undelivered, 9);
    for (const [cohort, effect] of Object.entries(golden.cohorts)) {
      expect(model.cohorts.get(cohort)).toBeCloseTo(effect, 9);
    }
  });

  test("waste in a few windows does not raise what is expected of the others", () => {
    const calm = golden.observations.map((o) => ({ ...o, logCost: Math.min(o.logCost, 4) }));
    const wasteful = calm.map((o, at) => (at % 20 === 0 ? { ...o, logCost: o.logCost + 5 } : o));
    const unit = { logCost: 0, credit: 1, cohort: "cohort-1" };

    const rise = expectedLogCost(fitSpend(wasteful), unit) - expectedLogCost(fitSpend(calm), unit);

    // Plain least squares would rise by 5 log units times 5 %.
    expect(rise).toBeLessThan(0.12);
  });

  test("a cohort that was never seen is taken as average", () => {
    const model = fitSpend(golden.observations);

    expect(expectedLogCost(model, { logCost: 0, credit: 0, cohort: "new" })).toBeCloseTo(
      model.intercept + model.undelivered,
      12,
    );
  });

  test("history in which nobody delivers anything can be fitted", () => {
    const idle = golden.observations.map((o) => ({ ...o, credit: 0 }));

    const model = fitSpend(idle);

    expect(Number.isFinite(model.intercept + model.slope + model.undelivered)).toBe(true);
  });
});

describe("fitSpend where nearly everybody delivers the same", () => {
  test("never expects a week that delivers nothing to cost more, for one dear week that delivered less", () => {
    const usual = Array.from({ length: 60 }, (_, n) => ({
      logCost: Math.log(50) + 0.2 * Math.sin(n),
      credit: 5,
      cohort: "team-checkout feature-work",
    }));
    const dear = { logCost: Math.log(150), credit: 4, cohort: "team-checkout feature-work" };

    const model = fitSpend([...usual, dear]);

    expect(model.slope).toBe(0);
    const nothing = expectedLogCost(model, { ...dear, credit: 0 });
    expect(Math.exp(nothing)).toBeLessThan(60);
  });
});
