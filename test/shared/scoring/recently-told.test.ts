import { describe, expect, test } from "vitest";
import { startOfDay } from "../../../shared/ledger/calendar.ts";
import { judgeNight } from "../../../shared/scoring/judge-night.ts";
import { recentlyTold } from "../../../shared/scoring/recently-told.ts";
import { aDayAlert, aWindowAlert } from "../../support/alerts.ts";
import { scored, scoringInput } from "../../support/scored-organisation.ts";
import { someSettings } from "../../support/settings.ts";
import { syntheticOrganisation } from "../../support/synthetic-organisation.ts";

const NIGHT_MS = startOfDay("2026-11-16") + 6 * 3_600_000;
const SAME = (user: string) => user;

function told(user: string, asOfMs: number) {
  const unit = { kind: "user-window", user, from: "2026-11-03", to: "2026-11-10" } as const;
  return { alert: aWindowAlert({ id: `week-${user}`, unit, asOfMs }), followUps: [] };
}

describe("recentlyTold", () => {
  const daysAgo = (days: number) => NIGHT_MS - days * 86_400_000;

  test("a week told on one of the last six nights is no news, one of a week ago is", () => {
    const cases = [told("user-017", daysAgo(6)), told("user-018", daysAgo(7))];

    expect([...recentlyTold(cases, NIGHT_MS, 7, SAME)]).toEqual(["user-017"]);
  });

  test("it is the person, under whatever name; a day that was told is not a week", () => {
    const day = { alert: aDayAlert({ asOfMs: daysAgo(1) }), followUps: [] };
    const cases = [told("user-017-at-another-tool", daysAgo(1)), day];

    expect([...recentlyTold(cases, NIGHT_MS, 7, () => "user-017")]).toEqual(["user-017"]);
  });
});

describe("alerts of a night on which others are known", () => {
  const KNOWN = ["user-00003", "user-00007", "user-00011"];
  const MILD = "user-00005";
  const organisation = syntheticOrganisation({
    seed: 2,
    peculiarityOf: (user, back) => {
      if (back !== 0) {
        return {};
      }
      return KNOWN.includes(user)
        ? { callsPerSession: 8, delivery: 0 }
        : user === MILD
          ? { callsPerSession: 2, delivery: 0 }
          : {};
    },
  });
  const usersOf = ({ alerts }: Pick<ReturnType<typeof scored>, "alerts">) =>
    alerts.map(({ unit }) => unit.user).sort();

  test("four found together are four alerts, the mild one too", () => {
    expect(usersOf(scored(organisation))).toEqual([MILD, ...KNOWN].sort());
  });

  test("cases that were told already win nobody else a higher threshold", () => {
    expect(usersOf(scored(organisation, { told: new Set(KNOWN) }))).toEqual(KNOWN);
  });

  test("a night knows whom its owners heard of", () => {
    const { userDays, sessionDays, directory } = scoringInput(organisation);
    const night = (cases: readonly ReturnType<typeof told>[]) =>
      judgeNight({
        asOfMs: NIGHT_MS,
        userDays,
        sessionDays,
        outcomes: organisation.outcomes,
        directory,
        settings: someSettings(),
        cases,
      }).windows;

    const cases = KNOWN.map((user) => told(user, NIGHT_MS - 86_400_000));

    expect(usersOf(night([]))).toContain(MILD);
    expect(usersOf(night(cases))).not.toContain(MILD);
  });
});
