import { describe, expect, test } from "vitest";
import { directoryLookup } from "../../../shared/directory/directory.ts";
import { recordsOfSample } from "../../../shared/scoring/records-of-sample.ts";
import { historyOf } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";
import { aUserDay } from "../../support/user-days.ts";

const DAY = "2026-10-05";
const NEXT_DAY = "2026-10-06";
const PEOPLE_PER_TEAM = 5;

/** Teams of five, each person with one day and one session. */
function organisation(people: number) {
  const users = Array.from({ length: people }, (_, at) => `user-${String(at).padStart(3, "0")}`);
  const directory = directoryLookup({
    aliases: new Map(),
    assignments: users.map((user, at) => ({
      user,
      team: teamAt(Math.floor(at / PEOPLE_PER_TEAM)),
      costCenter: "CC-1001",
      owner: "checkout-owner",
      useCase: "feature-work",
      effectiveFrom: "2026-01-01",
    })),
  });
  const userDays = users.map((user) => aUserDay({ user, day: DAY }));
  const sessionDays = users.map((user) =>
    aSessionDay({ user, session: `session of ${user}`, day: DAY, branches: [`feat/${user}`] }),
  );
  const outcomes = users.map((user) =>
    anOutcomeEvent({ id: `github:acme/web#${user}`, user, branch: `feat/${user}`, commits: [] }),
  );
  const delivery = historyOf({ outcomes, sessions: sessionDays });
  return { users, directory, userDays, sessionDays, delivery };
}

function teamAt(number: number): string {
  return `team-${String(number).padStart(3, "0")}`;
}

describe("recordsOfSample", () => {
  test("of no more people than asked for, all records are taken as they are", () => {
    const all = organisation(50);

    const sample = recordsOfSample(all, new Set(), DAY, 50);

    expect(sample.userDays).toBe(all.userDays);
    expect(sample.sessionDays).toBe(all.sessionDays);
    expect(sample.delivery).toBe(all.delivery);
  });

  test("of more people, whole teams are taken, evenly", () => {
    const all = organisation(400);

    const { userDays } = recordsOfSample(all, new Set(), DAY, 100);

    const teams = Map.groupBy(userDays, ({ user }) => all.directory.placeOf(user, DAY).team);
    expect([...teams.keys()]).toEqual(Array.from({ length: 20 }, (_, at) => teamAt(4 * at)));
    expect([...teams.values()].every(({ length }) => length === PEOPLE_PER_TEAM)).toBe(true);
  });

  test("the teams of those who are asked about are taken in any case, once", () => {
    const all = organisation(400);
    const asked = new Set(["user-000", "user-007"]);

    const { userDays, sessionDays } = recordsOfSample(all, asked, DAY, 100);

    const users = userDays.map(({ user }) => user);
    expect(users).toHaveLength(105);
    expect(new Set(users)).toHaveLength(105);
    expect(users).toEqual(expect.arrayContaining(all.users.slice(5, 10)));
    expect(sessionDays.map(({ user }) => user)).toEqual(users);
  });

  test("of more people, no credit is looked up but that of the people taken", () => {
    const all = organisation(400);

    const { userDays, delivery } = recordsOfSample(all, new Set(), DAY, 100);

    const credit = delivery.creditByUser(DAY, NEXT_DAY, Date.parse("2026-10-20T00:00:00Z"));
    expect(new Set(credit.keys())).toEqual(new Set(userDays.map(({ user }) => user)));
    expect(new Set(credit.values())).toEqual(new Set([1]));
  });
});
