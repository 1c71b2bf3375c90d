import { describe, expect, test } from "vitest";
import { scored, scoringInput, WINDOW_SETTINGS } from "../../support/scored-organisation.ts";
import { type Peculiarity, syntheticOrganisation } from "../../support/synthetic-organisation.ts";

const USER = "user-00003";

/** An organisation in which one person's last week is special. */
function organisationWith(last: Peculiarity, seed = 1) {
  return syntheticOrganisation({
    seed,
    peculiarityOf: (user, weeksBeforeEnd) => (user === USER && weeksBeforeEnd === 0 ? last : {}),
  });
}

function usersOf(alerts: ReturnType<typeof scored>["alerts"]) {
  return alerts.map(({ unit }) => unit.user);
}

describe("p-values", () => {
  test("calm organisations raise few alerts, and their p-values are about uniform", () => {
    const nights = Array.from({ length: 16 }, (_, seed) =>
      scored(syntheticOrganisation({ seed: 100 + seed, users: 32, weeks: 9 })),
    );

    const p = nights.flatMap(({ scores }) =>
      scores.flatMap((score) => (score.kind === "scored" ? [score.p] : [])),
    );
    const shareBelow = (level: number) => p.filter((value) => value <= level).length / p.length;
    // At a nominal 5 % of nights with any alert, more than four in sixteen have probability 0.1 %.
    expect(nights.filter(({ alerts }) => alerts.length > 0).length).toBeLessThanOrEqual(4);
    expect(shareBelow(0.05)).toBeGreaterThan(0.02);
    expect(shareBelow(0.05)).toBeLessThan(0.09);
    expect(shareBelow(0.5)).toBeGreaterThan(0.4);
    expect(shareBelow(0.5)).toBeLessThan(0.6);
  }, 20_000);

  test("dearer work for the same delivery is never less unusual", () => {
    const p = [0.5, 1, 1.5, 2, 4, 8].map((costPerCall) => {
      const { scores } = scored(organisationWith({ costPerCall }));
      const score = scores.find(({ unit }) => unit.user === USER);
      return score?.kind === "scored" ? score.p : Number.NaN;
    });

    expect(p).toEqual(p.toSorted((a, b) => b - a));
    expect(p.at(-1)).toBeLessThan(1e-4);
  });

  test("how somebody works is nobody's business in a week that was not dearer", () => {
    const p = [1 / 10, 1].map((costPerCall) => {
      const { scores } = scored(organisationWith({ callsPerSession: 5, costPerCall }));
      const score = scores.find(({ unit }) => unit.user === USER);
      return score?.kind === "scored" ? score.p : Number.NaN;
    });

    expect(p[0]).toBeGreaterThan(0.1);
    expect(p[1]).toBeLessThan(1e-3);
  });

  test("waste in the history that nobody noticed does not hide waste now", () => {
    const organisation = syntheticOrganisation({
      seed: 3,
      peculiarityOf: (user, back) => {
        const isPast = back > 0 && (Number(user.slice(-5)) + back) % 30 === 0;
        const isNow = back === 0 && user === USER;
        return isPast || isNow ? { callsPerSession: 5 } : {};
      },
    });

    expect(usersOf(scored(organisation).alerts)).toContain(USER);
  });

  test("the currency does not matter, if the floors are in it too", () => {
    const organisation = organisationWith({ callsPerSession: 3, delivery: 0 });
    const inOther = {
      ...organisation,
      userDays: organisation.userDays.map((day) => ({ ...day, costNanoUsd: day.costNanoUsd * 7n })),
      sessionDays: organisation.sessionDays.map((day) => ({
        ...day,
        costNanoUsd: day.costNanoUsd * 7n,
      })),
    };
    const settings = { ...WINDOW_SETTINGS, minSpendUsd: 7 * 25, minExcessUsd: 7 * 10 };

    const here = scored(organisation);
    const there = scored(inOther, { settings });

    expect(usersOf(there.alerts)).toEqual(usersOf(here.alerts));
    for (const [at, score] of here.scores.entries()) {
      const other = there.scores[at];
      const pOf = (either: typeof other) => (either?.kind === "scored" ? either.p : -1);
      expect(pOf(other)).toBeCloseTo(pOf(score), 6);
    }
  });

  test("the order of roll-ups, sessions and outcomes does not matter", () => {
    const organisation = organisationWith({ callsPerSession: 3, delivery: 0 });
    const inOtherOrder = {
      ...organisation,
      userDays: organisation.userDays.toReversed(),
      sessionDays: organisation.sessionDays.toReversed(),
      outcomes: organisation.outcomes.toReversed(),
    };

    expect(scored(inOtherOrder)).toEqual(scored(organisation));
  });

  test("an outcome that comes after the window's age is not used, for or against anyone", () => {
    const organisation = organisationWith({});
    const { asOfMs } = scoringInput(organisation);
    const known = organisation.outcomes.filter(({ timeMs }) => timeMs <= asOfMs);
    expect(known.length).toBeLessThan(organisation.outcomes.length);

    expect(scored({ ...organisation, outcomes: known }).scores).toEqual(
      scored(organisation).scores,
    );
  });
});
