import { describe, expect, test } from "vitest";
import {
  type ScoreSessionsDeps,
  scoreNight,
  scoreSessionsHandler,
} from "../../../functions/score-sessions/score-sessions.ts";
import { aboutWhom } from "../../../shared/alerts/alert.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import type { StoredSessionScore } from "../../../shared/ports/session-scores.ts";
import { RunawayLimits } from "../../../shared/scoring/runaway-limit.ts";
import { inMemoryAlertOutbox } from "../../support/in-memory-alert-outbox.ts";
import { inMemoryRollUps } from "../../support/in-memory-roll-ups.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { someSettings } from "../../support/settings.ts";
import { workingTeam } from "../../support/working-team.ts";

const UNTIL = "2026-11-02";
/** Enough to calibrate a tail; fourteen are not. */
const PEOPLE = 30;
const BURNER = 3;

/** People differ, and so do their days; the numbers look random and are fixed. */
function usualUsd(person: number, week: number, day: number): number {
  return 10 * Math.exp(0.5 * noise(person, 0, 0) + 0.4 * noise(person, week + 1, day + 1));
}

/** About standard normal: the sum of four numbers that are about uniform. */
function noise(a: number, b: number, c: number): number {
  const at = a * 7919 + b * 104_729 + c * 1_299_709 + 17;
  const uniform = (salt: number) => {
    const x = Math.sin(at * (salt + 0.618)) * 43_758.5453;
    return x - Math.floor(x);
  };
  return (uniform(1) + uniform(2) + uniform(3) + uniform(4) - 2) * Math.sqrt(3);
}

function setup({ weeks = 10, burnerFactor = 1, burnerDelivers = true } = {}) {
  const isBurning = (person: number, week: number) => person === BURNER && week === weeks - 1;
  const late: OutcomeEvent[] = [];
  const team = workingTeam({
    people: PEOPLE,
    weeks,
    until: UNTIL,
    dailyUsd: (person, week, day) =>
      usualUsd(person, week, day) * (isBurning(person, week) ? burnerFactor : 1),
    delivers: (person, week, day) =>
      isBurning(person, week) ? burnerDelivers : noise(person, week + 50, day) > -0.5,
  });
  const outbox = inMemoryAlertOutbox();
  const scores = new Map<string, StoredSessionScore>();
  const writes = { scores: 0, limits: [] as string[] };
  const deps: ScoreSessionsDeps = {
    rollUps: inMemoryRollUps(team),
    outcomes: { readBetween: async () => [...team.outcomes, ...late] },
    directory: { read: async () => ({ assignments: team.assignments, aliases: new Map() }) },
    limits: {
      write: async (text) => {
        writes.limits.push(text);
      },
    },
    sessionScores: {
      readBetween: async () => [...scores.values()],
      put: async (score) => {
        writes.scores += 1;
        scores.set(JSON.stringify([score.user, score.session]), score);
      },
    },
    outbox,
    register: outbox.register,
    settings: someSettings(),
    nowMs: () => Date.parse("2026-11-02T03:00:05Z"),
  };
  const handler = scoreSessionsHandler(deps);
  const night = (day = UNTIL) => handler({ scheduledTime: `${day}T03:00:00Z` });
  /** Changes that the dear week is merged with in the end, four for each of its sessions. */
  const deliverLate = (time: string) => {
    const sessions = team.sessionDays.filter(
      ({ user, lastMs }) => user.startsWith("person-03") && lastMs >= Date.parse("2026-10-26"),
    );
    late.push(
      ...[...sessions, ...sessions, ...sessions, ...sessions].map(({ user, session }, at) =>
        anOutcomeEvent({
          id: `late-${at}`,
          user,
          sessions: [session],
          branch: `late-${at}`,
          commits: [],
          timeMs: Date.parse(time),
        }),
      ),
    );
  };
  return { night, outbox, scores, writes, deps, deliverLate };
}

describe("a night of scoring", () => {
  test("records one alert for the owner about a week that burnt money and delivered nothing", async () => {
    const { night, outbox } = setup({ burnerFactor: 8, burnerDelivers: false });

    const summary = await night();

    expect(summary.alerts).toEqual({ recorded: 1, quiet: 0 });
    const [entry] = await outbox.pending();
    expect(entry?.alert).toMatchObject({
      id: "week-person-03-pseudonym--2026-11-02",
      owner: "checkout-owner",
      unit: { kind: "user-window", from: "2026-10-26", to: "2026-11-02" },
      evidence: { delivery: { credit: 0 } },
    });
  });

  test("alerts nobody about a calm team", async () => {
    const { night } = setup();

    const { people, alerts } = await night();

    expect(people.scored + people.unscored).toBe(PEOPLE);
    expect(people.scored).toBeGreaterThan(PEOPLE / 2);
    expect(alerts).toEqual({ recorded: 0, quiet: 0 });
  });

  test("run again for the same time changes nothing", async () => {
    const { night, outbox, writes } = setup({ burnerFactor: 8, burnerDelivers: false });
    await night();
    const written = writes.scores;

    const summary = await night();

    expect(summary.alerts.recorded).toBe(0);
    expect(await outbox.pending()).toHaveLength(1);
    expect(writes.scores).toBe(written);
    expect(writes.limits[1]).toBe(writes.limits[0]);
  });

  test("keeps quiet about a person whom the owner heard of within the quiet days", async () => {
    const { night, outbox } = setup({ burnerFactor: 16, burnerDelivers: false });
    await night();

    const next = await night("2026-11-03");

    // The week again, and four days in it that are dear enough to be told by themselves.
    expect(next.alerts).toEqual({ recorded: 0, quiet: 5 });
    const about = (await outbox.pending()).map(({ alert }) => aboutWhom(alert.unit));
    expect(about.filter((user) => user.startsWith("person-03"))).toHaveLength(1);
  });

  test("learns no more from a week that its owner called waste", async () => {
    const { night, outbox, deps } = setup({ burnerFactor: 8, burnerDelivers: false });
    await night();
    const nextMs = Date.parse("2026-11-03T03:00:00Z");
    const unanswered = await scoreNight(deps, nextMs);
    const [entry] = await outbox.pending();
    const alert = entry?.alert ?? expect.unreachable("the week was alerted");

    await outbox.register.answer(alert, { answer: "waste", by: "checkout-owner", atMs: 0 });
    const answered = await scoreNight(deps, nextMs);

    const [before, after] = [unanswered, answered].map(({ windows }) =>
      windows.flatMap((score) => (score.kind === "scored" ? [score.p] : [])),
    );
    expect(after).toHaveLength(before?.length ?? 0);
    expect(after).not.toEqual(before);
  });

  test("tells once that an alert is resolved, when its work is merged within 72 hours", async () => {
    const { night, outbox, deliverLate } = setup({ burnerFactor: 3, burnerDelivers: false });
    await night();
    deliverLate("2026-11-03T15:00:00Z");

    const nights = [await night("2026-11-05"), await night("2026-11-05")];
    await night("2026-11-16");

    expect(nights.map(({ followUps }) => followUps)).toEqual([1, 0]);
    const told = (await outbox.pending()).filter(({ alert }) => alert.review !== undefined);
    expect(told.map(({ alert }) => alert.id)).toEqual([
      "week-person-03-pseudonym--2026-11-02-72h-resolved",
    ]);
  });

  test("says the same when it runs again, after its own first run resolved an alert", async () => {
    const { night, deps, deliverLate } = setup({ burnerFactor: 3, burnerDelivers: false });
    await night();
    deliverLate("2026-11-03T15:00:00Z");
    const atMs = Date.parse("2026-11-05T03:00:00Z");

    const [first, again] = [await scoreNight(deps, atMs), await scoreNight(deps, atMs)];
    const next = await scoreNight(deps, Date.parse("2026-11-06T03:00:00Z"));

    expect(first.summary.followUps).toBe(1);
    expect(again.windows).toEqual(first.windows);
    // From the next night on the week counts as usual again.
    const isFrozen = ({ windows }: typeof first) =>
      windows.find(({ unit }) => unit.user.startsWith("person-03"))?.unit.isFrozen ?? false;
    expect([first, again, next].map(isFrozen)).toEqual([true, true, false]);
  });

  test("says that it is learning while there is too little history, and alerts nobody", async () => {
    const { night } = setup({ weeks: 4, burnerFactor: 8, burnerDelivers: false });

    expect(await night()).toMatchObject({
      learning: "under-4-weeks-of-history",
      alerts: { recorded: 0 },
    });
  });

  test("scores every session, or says why not, and learns limits from those that delivered", async () => {
    const { night, scores, writes } = setup();

    const { sessions } = await night();

    expect(sessions.scored + sessions.unscored).toBe(PEOPLE * 10 * 5);
    expect(sessions.scored).toBeGreaterThan(PEOPLE * 9 * 5);
    expect([...scores.values()][0]?.score).toMatch(/^(fresh|final)-scored \{"kind":"scored"/);
    expect(RunawayLimits.parse(JSON.parse(writes.limits[0] ?? ""))).toMatchObject({
      cohorts: { "team-checkout feature-work": { basis: "cohort" } },
    });
  });

  test.each([
    { registered: [{ id: "claims-triage", weight: 3 }], creditMicroUnits: 3_000_000 },
    { registered: [{ id: "status-digest" }], creditMicroUnits: 0 },
    { registered: [], creditMicroUnits: 1_000_000 },
  ])(
    "a delivered use case earns $creditMicroUnits millionths by the registry $registered",
    async ({ registered, creditMicroUnits }) => {
      const { deps } = setup({ burnerDelivers: false });
      const user = "person-03-pseudonym-";
      const session = `${user}-2026-10-28`;
      const { size: _, branch: __, ...event } = anOutcomeEvent({ user, sessions: [session] });
      const piece: OutcomeEvent = {
        ...event,
        kind: "use_case",
        useCase: "claims-triage",
        timeMs: Date.parse("2026-10-28T15:00:00Z"),
      };
      const outcomes = { readBetween: async () => [piece] };
      const settings = someSettings({ useCases: registered });

      const { sessions } = await scoreNight(
        { ...deps, outcomes, settings },
        Date.parse("2026-11-02T03:00:00Z"),
      );

      const scored = sessions.all.find((one) => one.session === session);
      expect(scored?.creditMicroUnits).toBe(creditMicroUnits);
    },
  );

  test("a full unit takes the lines that it takes in the person's team, as the directory says", async () => {
    const { deps } = setup({ burnerDelivers: false });
    const user = "person-03-pseudonym-";
    const session = `${user}-2026-10-28`;
    const merged = (by: string, at: number, lines: number) =>
      anOutcomeEvent({
        id: `change-${by}-${at}`,
        user: by,
        branch: `${by}-${at}`,
        commits: [],
        size: { additions: lines, deletions: 0, files: 1, ignoredLines: 0 },
        timeMs: Date.parse("2026-10-28T15:00:00Z"),
      });
    const lines = { "team-checkout": 60, "team-search": 40 };
    const others = Object.entries(lines).flatMap(([team, size]) =>
      Array.from({ length: 40 }, (_, at) => merged(`${team}-colleague-${at % 5}`, at, size)),
    );
    const teamOf = (by: string) => (by.startsWith("team-search") ? "team-search" : "team-checkout");
    const directory = {
      aliases: new Map(),
      assignments: [user, ...others.map((outcome) => outcome.user)].map((person) => ({
        user: person,
        team: teamOf(person),
        costCenter: "CC-1001",
        owner: "checkout-owner",
        useCase: "feature-work",
        effectiveFrom: "2026-01-01",
      })),
    };
    const outcomes = {
      readBetween: async () => [...others, { ...merged(user, 0, 15), sessions: [session] }],
    };

    const { sessions } = await scoreNight(
      { ...deps, outcomes, directory: { read: async () => directory } },
      Date.parse("2026-11-02T03:00:00Z"),
    );

    const scored = sessions.all.find((one) => one.session === session);
    expect(scored?.creditMicroUnits).toBe(250_000);
  });

  test("refuses an event without a time, instead of judging some other night", async () => {
    const { night } = setup();

    await expect(night("yesterday")).rejects.toThrow("scheduledTime");
  });
});
