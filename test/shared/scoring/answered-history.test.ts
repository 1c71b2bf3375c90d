import { describe, expect, test } from "vitest";
import type { AnsweredDays } from "../../../shared/scoring/answered-days.ts";
import { scored } from "../../support/scored-organisation.ts";
import { syntheticOrganisation } from "../../support/synthetic-organisation.ts";

const USER = "user-00003";
const OTHER = "user-00011";
/** The last but one of the weeks before the one that is judged. */
const OTHERS_WEEK = { user: OTHER, from: "2026-10-26", to: "2026-11-02" };

/** One person's last week is dear, and so was an earlier week of another. */
const organisation = syntheticOrganisation({
  seed: 6,
  peculiarityOf: (user, back) => {
    const isDear = (user === USER && back === 0) || (user === OTHER && back === 2);
    return isDear ? { callsPerSession: 5, delivery: 0 } : {};
  },
});

function judgedWith(...answered: readonly AnsweredDays[]) {
  const { evidence } =
    scored(organisation, { answered }).alerts.find(({ unit }) => unit.user === USER) ??
    expect.unreachable("the dear week is alerted");
  return evidence;
}

describe("what owners answered about the history", () => {
  test("a dear week of the past is cleaned out, unless its owner says that it was expected", () => {
    const cleaned = judgedWith();
    const vouchedFor = judgedWith({ ...OTHERS_WEEK, learning: "vouched-for" });

    // It stays in one fold's calibration: the fold that was not fitted on it.
    expect(vouchedFor.calibrationUnits).toBe(cleaned.calibrationUnits + 1);
  });

  test("where owners vouch for many such weeks, one more of them is less unusual", () => {
    const isMigrating = (user: string) => Number(user.slice(-5)) % 5 === 0;
    const migrating = syntheticOrganisation({
      seed: 6,
      peculiarityOf: (user, back) => {
        const isDear =
          (user === USER && back === 0) || (isMigrating(user) && back <= 3 && back > 0);
        return isDear ? { callsPerSession: 5, delivery: 0 } : {};
      },
    });
    const answered = migrating.users.filter(isMigrating).map(
      (user): AnsweredDays => ({
        user,
        from: "2026-10-19",
        to: "2026-11-09",
        learning: "vouched-for",
      }),
    );
    const pWith = (days: readonly AnsweredDays[]) => {
      const { scores } = scored(migrating, { answered: days });
      const score = scores.find(({ unit }) => unit.user === USER);
      return score?.kind === "scored" ? score.p : expect.unreachable("the week is scored");
    };

    expect(pWith(answered)).toBeGreaterThan(2 * pWith([]));
  });

  test("weeks that were waste are calibrated on no more, also those that cleaning would keep", () => {
    const ordinary = { user: "user-00020", from: "2026-10-19", to: "2026-11-09" };

    const { calibrationUnits } = judgedWith({ ...ordinary, learning: "left-out" });

    expect(calibrationUnits).toBe(judgedWith().calibrationUnits - 3);
  });

  test("without answers every number is the same to the last digit", () => {
    expect(scored(organisation, { answered: [] })).toEqual(scored(organisation));
  });

  test("an answer about people who spent nothing changes nothing", () => {
    const nobody = { ...OTHERS_WEEK, user: "user-99999" };

    expect(scored(organisation, { answered: [{ ...nobody, learning: "left-out" }] })).toEqual(
      scored(organisation),
    );
  });
});
