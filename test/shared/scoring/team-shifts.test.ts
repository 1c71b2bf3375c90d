import { describe, expect, test } from "vitest";
import { sumNanoUsd } from "../../../shared/money/nano-usd.ts";
import { scored } from "../../support/scored-organisation.ts";
import { syntheticOrganisation } from "../../support/synthetic-organisation.ts";

/** The eight people of team-0. */
const inTeam0 = (user: string) => Number(user.slice(-5)) < 8;

describe("teamShifts", () => {
  test("a team whose calls all become three times as dear is told once, and none of its people is", () => {
    const { teamShifts, alerts } = scored(
      syntheticOrganisation({
        seed: 21,
        users: 64,
        peculiarityOf: (user, back) => (inTeam0(user) && back === 0 ? { costPerCall: 3 } : {}),
      }),
    );

    expect(teamShifts.map(({ unit }) => unit)).toEqual([
      { kind: "team-window", team: "team-0", from: "2026-11-09", to: "2026-11-16" },
    ]);
    expect(alerts.filter(({ team }) => team === "team-0")).toEqual([]);
    const { costNanoUsd, expected, bridge, topSessions } =
      teamShifts[0]?.evidence ?? expect.unreachable("there is a shift");
    expect(Number(costNanoUsd) / Number(expected.medianNanoUsd)).toBeGreaterThan(2);
    expect(expected.medianNanoUsd + sumNanoUsd((bridge ?? []).map((s) => s.changeNanoUsd))).toBe(
      costNanoUsd,
    );
    const [largest] = (bridge ?? []).toSorted((a, b) => Number(b.changeNanoUsd - a.changeNanoUsd));
    expect(largest?.step).toBe("price");
    // It is about the team: no session of anybody is pointed at.
    expect(topSessions).toEqual([]);
  });

  test("one person who burns money does not shift the team", () => {
    const { teamShifts } = scored(
      syntheticOrganisation({
        seed: 21,
        users: 64,
        peculiarityOf: (user, back) =>
          user === "user-00003" && back === 0 ? { callsPerSession: 20, delivery: 0 } : {},
      }),
    );

    expect(teamShifts).toEqual([]);
  });

  test("a team that launches, and delivers as much more, has not shifted", () => {
    const { teamShifts } = scored(
      syntheticOrganisation({
        seed: 21,
        users: 64,
        peculiarityOf: (user, back) => (inTeam0(user) && back === 0 ? { sessions: 2 } : {}),
      }),
    );

    expect(teamShifts).toEqual([]);
  });

  test("with too few team weeks to know what is usual nothing is said", () => {
    const { teamShifts } = scored(
      syntheticOrganisation({
        seed: 21,
        users: 16,
        peculiarityOf: (user, back) => (inTeam0(user) && back === 0 ? { costPerCall: 9 } : {}),
      }),
    );

    expect(teamShifts).toEqual([]);
  });
});
