import { describe, expect, test } from "vitest";
import { type Alert, alertId } from "../../../shared/alerts/alert.ts";
import type { AlertCase } from "../../../shared/alerts/alert-case.ts";
import { addDays, startOfDay } from "../../../shared/ledger/calendar.ts";
import { openAlerts, unansweredDays } from "../../../shared/scoring/frozen-baselines.ts";
import { judgeNight } from "../../../shared/scoring/judge-night.ts";
import { aDayAlert, aFollowUp, aWindowAlert } from "../../support/alerts.ts";
import { scoringInput } from "../../support/scored-organisation.ts";
import { someSettings } from "../../support/settings.ts";
import { syntheticOrganisation } from "../../support/synthetic-organisation.ts";

const SAME = (user: string) => user;
const HOUR_MS = 3_600_000;

function open(alert: Alert, changes: Partial<AlertCase> = {}): AlertCase {
  return { alert, followUps: [], ...changes };
}

/** The alert of the week that ended on a day. */
function weekEnding(to: string): Alert {
  const unit = {
    kind: "user-window",
    user: "user-017",
    from: addDays(to, -7),
    to,
  } as const;
  return aWindowAlert({ id: alertId(unit), unit, asOfMs: startOfDay(to) });
}

function openOn(day: string, ...cases: readonly AlertCase[]) {
  return openAlerts(cases, startOfDay(day) + 3 * HOUR_MS, SAME).get("user-017");
}

describe("openAlerts", () => {
  test("an alert that nobody answered freezes the days since the week that it is about", () => {
    const found = openAlerts([open(weekEnding("2026-10-12"))], startOfDay("2026-10-20"), SAME);

    expect(found.get("user-017")).toEqual({
      id: "week-user-017-2026-10-12",
      from: "2026-10-05",
      isFrozen: true,
    });
    expect(unansweredDays(found, "2026-10-20")).toEqual([
      { user: "user-017", from: "2026-10-05", to: "2026-10-20", learning: "unanswered" },
    ]);
  });

  test("an answer, or work that came later, ends it; a raised alert is open again", () => {
    const answers = { last: { answer: "waste", by: "owner", atMs: 1 }, earlier: [] } as const;
    const alert = aWindowAlert();

    expect(openOn("2026-10-20", open(alert, { answers }))).toBeUndefined();
    expect(
      openOn("2026-10-20", open(alert, { followUps: [aFollowUp("resolved")] })),
    ).toBeUndefined();
    expect(openOn("2026-10-20", open(alert, { followUps: [aFollowUp("raised")] }))).toBeDefined();
  });

  test("nothing is frozen for more than nine weeks, and it is still known that nobody answered", () => {
    const known = open(weekEnding("2026-08-03"));

    expect(openOn("2026-10-05", known)).toMatchObject({ isFrozen: true });
    expect(openOn("2026-10-06", known)).toMatchObject({ from: "2026-07-27", isFrozen: false });
    expect(
      unansweredDays(openAlerts([known], startOfDay("2026-10-06"), SAME), "2026-10-06"),
    ).toEqual([]);
  });

  test("of several alerts the oldest counts that is not too old", () => {
    const cases = ["2026-08-03", "2026-08-24", "2026-09-07"].map((to) => open(weekEnding(to)));

    expect(openOn("2026-10-12", ...cases)).toMatchObject({ from: "2026-08-17" });
    expect(openOn("2026-12-31", ...cases)).toMatchObject({ from: "2026-08-31", isFrozen: false });
  });

  test("an alert about a day freezes nothing", () => {
    expect(openOn("2026-10-20", open(aDayAlert()))).toBeUndefined();
  });
});

describe("a person who goes on for weeks", () => {
  const USER = "user-00003";
  /** Six weeks at three times the usual calls for half of the usual delivery. */
  const organisation = syntheticOrganisation({
    seed: 1,
    peculiarityOf: (user, back) =>
      user === USER && back < 6 ? { callsPerSession: 3, delivery: 0.5 } : {},
  });
  const { directory } = scoringInput(organisation);

  function nightWith(cases: readonly AlertCase[]) {
    const { windows } = judgeNight({
      ...organisation,
      asOfMs: startOfDay(organisation.end) + 6 * HOUR_MS,
      directory,
      settings: someSettings(),
      cases,
    });
    const score = windows.scores.find(({ unit }) => unit.user === USER);
    return {
      score: score?.kind === "scored" ? score : expect.unreachable("the week is scored"),
      alert: windows.alerts.find(({ unit }) => unit.user === USER),
    };
  }

  /** Of the first of the six weeks. */
  const unit = {
    kind: "user-window",
    user: USER,
    from: "2026-10-05",
    to: "2026-10-12",
  } as const;
  const told = open(aWindowAlert({ id: alertId(unit), unit, asOfMs: startOfDay("2026-10-12") }));

  test("does not become their own normal while the alert is open, and the alert says so", () => {
    const [before, frozen] = [nightWith([]), nightWith([told])];

    expect(frozen.score.p).toBeLessThan(before.score.p);
    expect(frozen.score.ownUsualNanoUsd ?? 0n).toBeLessThan(
      (before.score.ownUsualNanoUsd ?? 0n) / 2n,
    );
    expect(frozen.alert?.evidence.openAlert).toEqual({
      id: "week-user-00003-2026-10-12",
      from: "2026-10-05",
      isFrozen: true,
    });
  });

  test("is compared with those weeks again once their owner called them expected", () => {
    const answers = { last: { answer: "expected", by: "owner", atMs: 1 }, earlier: [] } as const;

    const { score, alert } = nightWith([{ ...told, answers }]);

    expect(score.ownUsualNanoUsd).toBe(nightWith([]).score.ownUsualNanoUsd);
    expect(alert?.evidence.openAlert).toBeUndefined();
  });

  test("is not compared with a week that was waste, but with those after it", () => {
    const answers = { last: { answer: "waste", by: "owner", atMs: 1 }, earlier: [] } as const;
    const [before, waste, frozen] = [[], [{ ...told, answers }], [told]].map(
      (cases) => nightWith(cases).score.ownUsualNanoUsd ?? 0n,
    );

    expect(waste).toBeLessThan(before ?? 0n);
    expect(waste).toBeGreaterThan(frozen ?? 0n);
  });
});
