import { describe, expect, test } from "vitest";
import type { UserDay } from "../../../shared/ledger/roll-ups.ts";
import { sumNanoUsd } from "../../../shared/money/nano-usd.ts";
import type { UserWindowScore } from "../../../shared/scoring/score-user-windows.ts";
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

function scoreOf(scores: readonly UserWindowScore[], user = USER) {
  return scores.find(({ unit }) => unit.user === user);
}

function usersOf(alerts: ReturnType<typeof scored>["alerts"]) {
  return alerts.map(({ unit }) => unit.user);
}

describe("alerts", () => {
  test.each([1, 2, 3])(
    "five times the calls and nothing delivered is the first alert of organisation %d",
    (seed) => {
      const { alerts } = scored(organisationWith({ callsPerSession: 5, delivery: 0 }, seed));

      expect(usersOf(alerts).at(0)).toBe(USER);
    },
  );

  test.each([1, 2, 3])(
    "five times the work for five times the money is no alert in organisation %d",
    (seed) => {
      const { alerts } = scored(organisationWith({ sessions: 5 }, seed));

      expect(usersOf(alerts)).not.toContain(USER);
    },
  );

  test("a dear model for the usual work is seen by its price per call", () => {
    const { alerts } = scored(organisationWith({ costPerCall: 6 }));

    expect(usersOf(alerts).at(0)).toBe(USER);
    expect(alerts[0]?.evidence.signals.map(({ signal }) => signal)).toContain("cost-per-call");
    const price = alerts[0]?.evidence.signals.find(({ signal }) => signal === "cost-per-call");
    expect((price?.value ?? 0) / (price?.usual ?? 1)).toBeGreaterThan(4);
  });

  describe("of somebody who let ten sub-agents work in each session", () => {
    const withAgents = (last: Peculiarity) => {
      const organisation = organisationWith(last);
      return scored({
        ...organisation,
        sessionDays: organisation.sessionDays.map((day) =>
          day.user === USER && day.day >= "2026-11-09" ? { ...day, agents: 10 } : day,
        ),
      });
    };

    test("say so first if the week was dear for its work", () => {
      const [alert] = withAgents({ costPerCall: 2 }).alerts;

      expect(alert?.unit.user).toBe(USER);
      expect(alert?.evidence.signals[0]).toMatchObject({
        signal: "agents-per-session",
        value: 10,
      });
      expect(alert?.evidence.signals[0]?.usual).toBeCloseTo(0, 6);
    });

    test("say nothing if it was not: how people work is their own business", () => {
      const score = scoreOf(withAgents({ costPerCall: 0.6 }).scores);

      expect(score?.kind === "scored" && score.p).toBeGreaterThan(0.2);
    });
  });

  test("a dear model that somebody always works with is a habit; long sessions every week are not", () => {
    const zOf = (signal: string, habit: Peculiarity) => {
      const peculiarityOf = (user: string) => (user === USER ? habit : {});
      const score = scoreOf(scored(syntheticOrganisation({ seed: 1, peculiarityOf })).scores);
      const signals = score?.kind === "scored" ? score.signals : [];
      return signals.find((each) => each.signal === signal)?.z;
    };

    expect(zOf("cost-per-call", { costPerCall: 6 })).toBeLessThan(2);
    expect(zOf("calls-per-session", { callsPerSession: 6 })).toBeGreaterThan(4);
  });

  test("a price that rises for a whole team is not held against its people", () => {
    const organisation = syntheticOrganisation({
      seed: 2,
      peculiarityOf: (user, back) =>
        user < "user-00008" && back === 0 ? { costPerCall: 2.2 } : {},
    });

    expect(scored(organisation).alerts).toEqual([]);
  });

  test("nothing is said about little money, however unusual it is", () => {
    const organisation = organisationWith({ callsPerSession: 5, delivery: 0 });
    const settings = { ...WINDOW_SETTINGS, minExcessUsd: 5000 };

    const { alerts, scores } = scored(organisation, { settings });

    expect(alerts).toEqual([]);
    expect(scoreOf(scores)).toMatchObject({ kind: "scored" });
  });

  test("an alert holds all that an explanation says", () => {
    const organisation = organisationWith({ callsPerSession: 5, delivery: 0 });
    const { alerts, scores } = scored(organisation);

    const [alert] = alerts;
    const cost = organisation.userDays
      .filter(({ user, day }) => user === USER && day >= "2026-11-09")
      .reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n);
    expect(alert).toMatchObject({
      unit: { kind: "user-window", user: USER, from: "2026-11-09", to: "2026-11-16" },
      team: "team-0",
      owner: "checkout-owner",
      evidence: {
        costNanoUsd: cost,
        delivery: { credit: 0, counted: [] },
        expected: { cohort: "team-0 feature-work" },
        // Twice the nominal rate: nightly batches look at overlapping weeks.
        expectedFalseShare: 0.1,
      },
    });
    const { expected, excessNanoUsd, signals, topSessions, calibrationUnits, p, ownUsualNanoUsd } =
      alert?.evidence ?? expect.unreachable("there is an alert");
    expect(expected.lowNanoUsd).toBeLessThan(expected.medianNanoUsd);
    expect(expected.medianNanoUsd).toBeLessThan(expected.highNanoUsd);
    expect(expected.highNanoUsd).toBeLessThan(cost);
    expect(excessNanoUsd).toBeGreaterThan(cost / 2n);
    expect(excessNanoUsd).toBeLessThan(cost);
    expect(ownUsualNanoUsd).toBeLessThan(cost / 2n);
    const bridge = alert?.evidence.bridge ?? [];
    expect(sumNanoUsd(bridge.map(({ changeNanoUsd }) => changeNanoUsd))).toBe(
      cost - expected.medianNanoUsd,
    );
    expect(bridge.map(({ step }) => step)).toEqual(
      expect.arrayContaining(["delivery", "usual-level", "calls"]),
    );
    expect(signals.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(signals.map(({ share }) => share)).toEqual(
      signals.map(({ share }) => share).toSorted((a, b) => b - a),
    );
    const calls = signals.find(({ signal }) => signal === "calls-per-session");
    expect((calls?.value ?? 0) / (calls?.usual ?? 1)).toBeGreaterThan(3);
    expect(topSessions).toHaveLength(3);
    // Nine weeks of forty people, less those below the spend floor and those cleaned out.
    expect(calibrationUnits).toBeGreaterThan(300);
    expect(calibrationUnits).toBeLessThanOrEqual(360);
    expect(scoreOf(scores)).toMatchObject({ kind: "scored", p, outcomePerUsd: 0 });
  });
});

describe("who is not scored, and why", () => {
  const calm = syntheticOrganisation({ seed: 4 });

  test("with three weeks of history nobody is: it is learning", () => {
    const { scores, alerts, learning } = scored(syntheticOrganisation({ seed: 4, weeks: 4 }));

    expect(learning).toBe("under-4-weeks-of-history");
    expect(alerts).toEqual([]);
    expect(scores).toHaveLength(40);
    expect(scores[0]).toMatchObject({ kind: "unscored", reason: "learning" });
  });

  test("with four weeks of history and forty people, they are", () => {
    const { scores, learning } = scored(syntheticOrganisation({ seed: 4, weeks: 5 }));

    expect(learning).toBeUndefined();
    expect(scores.filter(({ kind }) => kind === "scored").length).toBeGreaterThan(35);
  });

  test("six people never make sixty windows to calibrate on", () => {
    const { learning } = scored(syntheticOrganisation({ seed: 4, users: 6 }));

    expect(learning).toBe("under-60-calibration-units");
  });

  const changed = (change: (day: UserDay) => Partial<UserDay>) => ({
    ...calm,
    userDays: calm.userDays.map((day) =>
      day.user === USER && day.day >= "2026-11-09" ? { ...day, ...change(day) } : day,
    ),
  });

  test.each([
    { reason: "no-spend", change: () => ({ costNanoUsd: 0n }) },
    { reason: "no-spend", change: () => ({ sessions: 0 }) },
    {
      reason: "unpriced",
      change: ({ calls }: UserDay) => ({ unpricedCalls: calls, costNanoUsd: 0n }),
    },
    { reason: "below-minimum-spend", change: () => ({ costNanoUsd: 1_000_000_000n }) },
    { reason: "unattributed", change: () => ({ user: "unattributed" }) },
  ])("a window is unscored: $reason", ({ reason, change }) => {
    const { scores } = scored(changed(change));

    const user = reason === "unattributed" ? reason : USER;
    expect(scoreOf(scores, user)).toMatchObject({ kind: "unscored", reason });
  });

  test("work without a countable outcome is not judged by its outcomes", () => {
    const organisation = organisationWith({ callsPerSession: 5, delivery: 0 });
    const { directory } = scoringInput(organisation);
    const { scores, alerts } = scored(organisation, {
      directory: {
        ...directory,
        placeOf: (user, day) => ({
          ...directory.placeOf(user, day),
          ...(user === USER && { useCase: "research" }),
        }),
      },
    });

    expect(alerts).toEqual([]);
    expect(scoreOf(scores)).toMatchObject({ kind: "unscored", reason: "use-case-not-scored" });
  });

  test("a new person is judged by peers, and has no usual spend of their own", () => {
    const organisation = organisationWith({ callsPerSession: 5, delivery: 0 });
    const withNewcomer = {
      ...organisation,
      userDays: organisation.userDays.filter(
        ({ user, day }) => user !== USER || day >= "2026-11-02",
      ),
    };

    const [alert] = scored(withNewcomer).alerts;

    expect(alert?.unit.user).toBe(USER);
    expect(alert?.evidence.ownUsualNanoUsd).toBeUndefined();
    expect(alert?.evidence.signals.map(({ signal }) => signal)).not.toContain("own-usual");
  });

  test("a person without spend in the window does not appear", () => {
    const away = {
      ...calm,
      userDays: calm.userDays.filter(({ user, day }) => user !== USER || day < "2026-11-09"),
    };

    expect(scoreOf(scored(away).scores)).toBeUndefined();
  });
});

describe("repeated calls", () => {
  const share = (user: string, day: string) => (user === USER && day >= "2026-11-09" ? 0.2 : 0.9);
  const calm = syntheticOrganisation({ seed: 5 });

  test("are a signal where calls carry fingerprints", () => {
    const fingerprinted = organisationWith({ callsPerSession: 2 }, 5);
    const organisation = {
      ...fingerprinted,
      userDays: fingerprinted.userDays.map((day) => ({
        ...day,
        fingerprintedCalls: day.calls,
        distinctFingerprints: Math.round(day.calls * share(day.user, day.day)),
      })),
    };

    const score = scoreOf(scored(organisation).scores);

    const signals = score?.kind === "scored" ? score.signals : [];
    const repeats = signals.find(({ signal }) => signal === "repeated-calls");
    expect(repeats?.value).toBeCloseTo(0.8, 2);
    expect(repeats?.usual).toBeGreaterThan(0.05);
    expect(repeats?.usual).toBeLessThan(0.15);
  });

  test("are left out where they do not", () => {
    const score = scoreOf(scored(calm).scores);

    expect(score?.kind === "scored" && score.signals.map(({ signal }) => signal)).not.toContain(
      "repeated-calls",
    );
  });
});
