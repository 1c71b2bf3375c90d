import { describe, expect, test } from "vitest";
import { generateOrganisation } from "../organisation/generate-organisation.ts";
import { costUsd, HISTORY_WEEKS, weekKey } from "../organisation/work.ts";
import { injectGaming } from "./inject-gaming.ts";
import { BASE_TACTICS, EVASIVE_TACTICS } from "./tactic.ts";

const HONEST = generateOrganisation({ seed: 11, launchShare: 0.03, mergeLagHours: 20 });
const BY_KEY = new Map(HONEST.weeks.map((week) => [weekKey(week.user, week.week), week]));
const ALL = [...BASE_TACTICS, ...EVASIVE_TACTICS];

describe("injectGaming", () => {
  test("makes the same of the same organisation, however often", () => {
    const settings = { share: 0.1, tactics: ALL };

    expect(injectGaming(HONEST, settings)).toEqual(injectGaming(HONEST, settings));
  });

  test("games about the share of the test weeks that is asked for, and no week of history", () => {
    const { gamed } = injectGaming(HONEST, { share: 0.105, tactics: BASE_TACTICS });

    const active = HONEST.weeks.filter(
      ({ week, sessions }) => week >= HISTORY_WEEKS && sessions.length > 0,
    );
    expect(gamed.every(({ week }) => week >= HISTORY_WEEKS)).toBe(true);
    expect(gamed.length / active.length).toBeCloseTo(0.105, 2);
  });

  test("gives each of the seven tactics about as many weeks", () => {
    const { gamed } = injectGaming(HONEST, { share: 0.105, tactics: BASE_TACTICS });

    const counts = BASE_TACTICS.map((name) => gamed.filter(({ tactic }) => tactic === name).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(3);
  });

  test("lets chronic gamers game in every week that they work in", () => {
    const { gamed } = injectGaming(HONEST, {
      share: 0.105,
      tactics: BASE_TACTICS,
      chronicShare: 0.05,
    });

    const inHistory = Map.groupBy(
      gamed.filter(({ week }) => week < HISTORY_WEEKS),
      ({ user }) => user,
    );
    expect(inHistory.size).toBe(4);
    const worked = (user: string) =>
      HONEST.weeks.filter((week) => week.user === user && week.sessions.length > 0).length;
    for (const user of inHistory.keys()) {
      expect(gamed.filter((each) => each.user === user)).toHaveLength(worked(user));
    }
  });

  test.each(ALL)("%s wastes what its label says, and touches no other week", (tactic) => {
    const { organisation, gamed } = injectGaming(HONEST, {
      share: 0.05,
      tactics: [tactic],
      factor: 2,
    });

    const labels = new Map(gamed.map((each) => [weekKey(each.user, each.week), each]));
    const inTest = gamed.filter(({ week }) => week >= HISTORY_WEEKS);
    expect(inTest.length).toBeGreaterThan(3);
    for (const after of organisation.weeks) {
      const key = weekKey(after.user, after.week);
      const before = BY_KEY.get(key);
      const label = labels.get(key);
      if (label === undefined) {
        expect(after).toBe(before);
      } else {
        const wasted = costUsd(after.sessions) - costUsd(before?.sessions ?? []);
        expect(label.wasteUsd).toBeCloseTo(wasted, 6);
        expect(after.sessions.length).toBeGreaterThanOrEqual(before?.sessions.length ?? 0);
      }
    }
  });

  test.each(ALL.filter((tactic) => !["dear model", "mixed tactics"].includes(tactic)))(
    "%s doubles the cost of a week where that is asked for, but for rounding to whole tokens",
    (tactic) => {
      const { gamed } = injectGaming(HONEST, { share: 0.05, tactics: [tactic], factor: 2 });

      for (const { week, wasteUsd, honestUsd } of gamed) {
        if (week >= HISTORY_WEEKS) {
          expect(wasteUsd / honestUsd).toBeCloseTo(1, 2);
        }
      }
    },
  );
});
