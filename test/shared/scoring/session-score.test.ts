import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import type { SessionDay } from "../../../shared/ledger/roll-ups.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { sessionDeliveries } from "../../../shared/scoring/session-deliveries.ts";
import { scoreSessions } from "../../../shared/scoring/session-score.ts";
import { historyOf, MERGED_MS } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";

const START_MS = MERGED_MS - DAY_MS;
const USD = 1_000_000_000n;

const directory = {
  personOf: (user: string) => user,
  placeOf: () => ({
    team: "team-checkout",
    costCenter: "CC-1001",
    owner: "checkout-owner",
    useCase: "feature-work",
  }),
};

/** Sessions of 1 … n USD on branches of their own. */
function sessionDays(count: number, prefix = "s"): readonly SessionDay[] {
  return Array.from({ length: count }, (_, at) =>
    aSessionDay({
      session: `${prefix}${String(at + 1).padStart(3, "0")}`,
      branches: [`${prefix}${at + 1}`],
      costNanoUsd: BigInt(at + 1) * USD,
      firstMs: START_MS,
    }),
  );
}

function changeOf(day: SessionDay, overrides: Partial<OutcomeEvent> = {}): OutcomeEvent {
  const [branch = ""] = day.branches;
  return anOutcomeEvent({ id: `change-of-${day.session}`, branch, commits: [], ...overrides });
}

function scored(
  days: readonly SessionDay[],
  outcomes: readonly OutcomeEvent[] = [],
  asOfMs = MERGED_MS + 10 * DAY_MS,
) {
  const known = outcomes.filter(({ timeMs }) => timeMs <= asOfMs);
  const delivery = historyOf({ outcomes: known, sessions: days });
  return scoreSessions({
    sessionDays: days,
    deliveries: sessionDeliveries(delivery, asOfMs),
    asOfMs,
    directory,
  });
}

function scores(...night: Parameters<typeof scored>) {
  const { all, scoreOf } = scored(...night);
  return all.map(scoreOf);
}

function scoreOf(all: ReturnType<typeof scores>, session: string) {
  return all.find((score) => score.session.session === session);
}

describe("scoreSessions", () => {
  test("a session is compared with the sessions that delivered nothing either", () => {
    const all = scores(sessionDays(39));

    expect(scoreOf(all, "s039")).toMatchObject({
      kind: "scored",
      outcomePerUsd: 0,
      p: 1 / 39,
      peers: 38,
      usualNanoUsd: 20n * USD,
      excessNanoUsd: 19n * USD,
    });
    expect(scoreOf(all, "s001")).toMatchObject({ p: 1, excessNanoUsd: 0n });
  });

  test("those that delivered are compared among themselves", () => {
    const delivering = sessionDays(30, "d");
    const idle = sessionDays(30, "i").map((day) => ({
      ...day,
      costNanoUsd: day.costNanoUsd * 100n,
    }));

    const all = scores(
      [...delivering, ...idle],
      delivering.map((day) => changeOf(day)),
    );

    expect(scoreOf(all, "d030")).toMatchObject({ p: 1 / 30, peers: 29 });
    expect(scoreOf(all, "i001")).toMatchObject({ p: 1, peers: 29 });
  });

  test("credit per dollar is the session's own share of the unit", () => {
    const days = sessionDays(30);
    const [first = aSessionDay(), second = aSessionDay()] = days;
    const together = [
      { ...first, branches: ["feat/x"], costNanoUsd: 3n * USD },
      { ...second, branches: ["feat/x"], costNanoUsd: 1n * USD },
    ];
    const others = days.slice(2);
    const all = scores(
      [...together, ...others],
      [anOutcomeEvent({ commits: [] }), ...others.map((day) => changeOf(day))],
    );

    expect(scoreOf(all, first.session)).toMatchObject({ outcomePerUsd: 0.75 / 3 });
    expect(scoreOf(all, second.session)).toMatchObject({ outcomePerUsd: 0.25 });
  });

  test("a session over midnight is one session", () => {
    const [day = aSessionDay()] = sessionDays(1);
    const all = scores([day, { ...day, day: "2026-10-06", firstMs: MERGED_MS, lastMs: MERGED_MS }]);

    expect(all).toHaveLength(1);
    expect(all[0]?.session).toMatchObject({ costNanoUsd: 2n * USD, firstDay: day.day });
  });

  test("the use case that a session names counts before that of its person", () => {
    const [day = aSessionDay()] = sessionDays(1);

    const [named] = scores([{ ...day, useCases: ["migration"] }]);
    const [ambiguous] = scores([{ ...day, useCases: ["migration", "review"] }]);

    expect(named?.session.cohort).toBe("team-checkout migration");
    expect(ambiguous?.session.cohort).toBe("team-checkout feature-work");
  });
});

describe("sessions without a score", () => {
  const odd = (overrides: Partial<SessionDay>) =>
    scoreOf(
      scores([
        ...sessionDays(30),
        aSessionDay({ session: "odd", firstMs: START_MS, ...overrides }),
      ]),
      "odd",
    );

  test.each([
    { reason: "no-cost", overrides: { costNanoUsd: 0n } },
    { reason: "unpriced", overrides: { calls: 30, unpricedCalls: 30, costNanoUsd: 0n } },
    { reason: "unpriced", overrides: { calls: 30, unpricedCalls: 16 } },
    { reason: "too-few-peers", overrides: { useCases: ["migration"] } },
  ])("$reason", ({ reason, overrides }) => {
    expect(odd(overrides)).toMatchObject({ kind: "unscored", reason });
  });

  test("young work without a delivery is pending, not waste", () => {
    const days = sessionDays(30);

    const young = scores(days, [], START_MS + 6 * DAY_MS);
    const old = scores(days, [], START_MS + 8 * DAY_MS);

    expect(young.map((score) => score.kind === "unscored" && score.reason)).toEqual(
      Array.from({ length: 30 }, () => "maturing"),
    );
    expect(old.every(({ kind }) => kind === "scored")).toBe(true);
  });

  test("how long to wait is learnt from how long the cohort takes to deliver", () => {
    const delivering = sessionDays(30, "d");
    const slow = delivering.map((day) => changeOf(day, { timeMs: START_MS + 12 * DAY_MS }));
    const later = START_MS + 5 * DAY_MS;
    const idle = sessionDays(30, "i").map((day) => ({ ...day, firstMs: later, lastMs: later }));

    const atAge = (days: number) =>
      scoreOf(scores([...delivering, ...idle], slow, later + days * DAY_MS), "i030");

    // Longer than the seven days without anything to learn from.
    expect(atAge(11)).toMatchObject({ reason: "maturing" });
    expect(atAge(13)).toMatchObject({ kind: "scored" });
  });

  test("a delivered session is judged at any age", () => {
    const days = sessionDays(30);

    const all = scores(
      days,
      days.map((day) => changeOf(day)),
      MERGED_MS + 1,
    );

    expect(all.every(({ kind }) => kind === "scored")).toBe(true);
  });
});

describe("finished sessions", () => {
  test("limits are not learnt from sessions whose result or cost is open", () => {
    const days = sessionDays(25);
    const young = aSessionDay({ session: "young", firstMs: MERGED_MS + 9 * DAY_MS });
    const unpriced = aSessionDay({ session: "unpriced", unpricedCalls: 30, firstMs: START_MS });
    const [first = aSessionDay()] = days;

    const { finished } = scored([...days, young, unpriced], [changeOf(first)]);

    expect(finished).toHaveLength(25);
    expect(finished.filter(({ creditMicroUnits }) => creditMicroUnits > 0)).toMatchObject([
      { cohort: "team-checkout feature-work", costNanoUsd: USD },
    ]);
  });
});
