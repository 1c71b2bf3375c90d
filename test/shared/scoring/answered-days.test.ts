import { describe, expect, test } from "vitest";
import type { Alert } from "../../../shared/alerts/alert.ts";
import type { Answer } from "../../../shared/alerts/alert-answer.ts";
import type { AlertCase } from "../../../shared/alerts/alert-case.ts";
import { answeredDays, withAnsweredDays } from "../../../shared/scoring/answered-days.ts";
import type { UserWindow } from "../../../shared/scoring/user-windows.ts";
import { aDayAlert, aSessionAlert, aTeamAlert, aWindowAlert } from "../../support/alerts.ts";

type Unit = Pick<UserWindow, "user" | "window" | "learning">;

const SAME = (user: string) => user;

function answered(alert: Alert, answer: Answer): AlertCase {
  return {
    alert,
    answers: { last: { answer, by: "owner-shop", atMs: 1 }, earlier: [] },
    followUps: [],
  };
}

/** What becomes of user-017's seven days that begin on a day; the alerted week begins on 10-05. */
function learningFrom(from: string, to: string, cases: readonly AlertCase[], user = "user-017") {
  const window = { week: 3, from, to, asOfMs: 0 };
  const units: readonly Unit[] = [{ user, window }];
  return withAnsweredDays(units, answeredDays(cases, SAME))[0]?.learning;
}

describe("a week whose owner answered", () => {
  test.each([
    ["waste", "left-out"],
    ["wrong-data", "left-out"],
    ["expected", "vouched-for"],
    ["planned", "vouched-for"],
  ] as const)("%s makes it %s", (answer, learning) => {
    const cases = [answered(aWindowAlert(), answer)];

    expect(learningFrom("2026-10-05", "2026-10-12", cases)).toBe(learning);
  });

  test("nothing is left out or vouched for before anybody answered", () => {
    expect(
      learningFrom("2026-10-05", "2026-10-12", [{ alert: aWindowAlert(), followUps: [] }]),
    ).toBeUndefined();
  });

  test("other nights cut weeks elsewhere: one shared day of waste is enough, half a week must be vouched for", () => {
    const waste = [answered(aWindowAlert(), "waste")];
    const planned = [answered(aWindowAlert(), "planned")];

    expect(learningFrom("2026-09-29", "2026-10-06", waste)).toBe("left-out");
    expect(learningFrom("2026-09-28", "2026-10-05", waste)).toBeUndefined();
    expect(learningFrom("2026-10-08", "2026-10-15", planned)).toBe("vouched-for");
    expect(learningFrom("2026-10-09", "2026-10-16", planned)).toBeUndefined();
  });

  test("waste in a week that somebody planned is left out all the same", () => {
    const cases = [answered(aWindowAlert(), "planned"), answered(aSessionAlert(), "waste")];

    expect(learningFrom("2026-10-05", "2026-10-12", cases)).toBe("left-out");
  });

  test("a wasted day or session spoils its week, an expected one says nothing of the other days", () => {
    for (const alert of [aDayAlert(), aSessionAlert()]) {
      expect(learningFrom("2026-10-05", "2026-10-12", [answered(alert, "waste")])).toBe("left-out");
      expect(
        learningFrom("2026-10-05", "2026-10-12", [answered(alert, "expected")]),
      ).toBeUndefined();
    }
  });

  test("what was answered about a team, or about somebody else, says nothing of a person", () => {
    const cases = [answered(aTeamAlert(), "waste"), answered(aWindowAlert(), "waste")];

    expect(learningFrom("2026-10-05", "2026-10-12", cases, "user-018")).toBeUndefined();
    expect(
      learningFrom("2026-10-05", "2026-10-12", [answered(aTeamAlert(), "waste")]),
    ).toBeUndefined();
  });

  test("an account that turned out to be another of a person takes its answers along", () => {
    const days = answeredDays([answered(aWindowAlert(), "waste")], () => "user-001");

    expect(days).toMatchObject([{ user: "user-001" }]);
  });
});

test("without answers the windows are the very same objects", () => {
  const units: readonly Unit[] = [
    { user: "user-017", window: { week: 0, from: "2026-10-05", to: "2026-10-12", asOfMs: 0 } },
  ];

  expect(withAnsweredDays(units, [])).toBe(units);
});
