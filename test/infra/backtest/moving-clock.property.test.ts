import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScoredNight } from "../../../functions/score-sessions/score-sessions.ts";
import { startReplay } from "../../../infra/backtest/replay.ts";
import { addDays, DAY_MS, startOfDay } from "../../../shared/ledger/calendar.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { someSettings } from "../../support/settings.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const FIRST = "2026-10-05";
const DAYS = 6;
const SCORED_AT_MS = 3 * 3_600_000;

/** Each day's sessions of three people, named for person and day. */
function usageOn(day: string) {
  return new Map(
    ["user-001", "user-002", "user-003"].map((user) => [
      user,
      [
        aUsageEvent({
          id: `${user}-${day}`,
          user,
          session: `${user}-${day}`,
          timeMs: startOfDay(day) + DAY_MS / 2,
        }),
      ],
    ]),
  );
}

/** Everything that each night says, if these outcomes are in the file. */
async function nights(outcomes: readonly OutcomeEvent[]) {
  const replay = startReplay({
    settings: someSettings({ scoring: { survivalDays: 1 } }),
    priceBook: flatPriceBook({ "claude-sonnet-4-5": 1_000_000_000n }),
    directory: { assignments: [], aliases: new Map() },
    outcomes: outcomes.toSorted((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1)),
    answers: [],
    scoredAtMs: SCORED_AT_MS,
  });
  const said: { readonly atMs: number; readonly night: unknown }[] = [];
  for (let at = 0; at < DAYS; at += 1) {
    const day = addDays(FIRST, at);
    const night = await replay.day(day, usageOn(day), true);
    said.push({ atMs: startOfDay(day) + SCORED_AT_MS, night: night && withScores(night) });
  }
  return said;
}

/** All that a night says: the scores of its sessions, too, which are worked out when they are asked for. */
function withScores({ sessions, ...night }: ScoredNight) {
  return { ...night, sessions: sessions.all.map(sessions.scoreOf) };
}

/** A change of one session, merged or undone at any time, also before the session or long after it. */
const outcome = fc
  .record({
    person: fc.constantFrom("user-001", "user-002", "user-003"),
    day: fc.nat({ max: DAYS - 1 }),
    timeMs: fc.integer({ min: startOfDay(FIRST) - DAY_MS, max: startOfDay(FIRST) + 9 * DAY_MS }),
    undone: fc.boolean(),
  })
  .map(({ person, day, timeMs, undone }): OutcomeEvent => {
    const session = `${person}-${addDays(FIRST, day)}`;
    return anOutcomeEvent({
      id: undone ? `undo-${session}` : `change-${session}`,
      user: person,
      timeMs,
      branch: session,
      commits: [],
      sessions: [session],
      ...(undone && { reverts: `change-${session}` }),
    });
  });

describe("the moving clock", () => {
  test("no night knows an outcome before its time: without the later ones it says the same", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(outcome, { maxLength: 8, selector: ({ id }) => id }),
        fc.nat({ max: DAYS - 1 }),
        async (outcomes, night) => {
          const untilMs = startOfDay(addDays(FIRST, night)) + SCORED_AT_MS;
          const known = outcomes.filter(({ timeMs }) => timeMs <= untilMs);

          const [all, some] = await Promise.all([nights(outcomes), nights(known)]);

          expect(all.filter(({ atMs }) => atMs <= untilMs)).toEqual(
            some.filter(({ atMs }) => atMs <= untilMs),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test("a night knows what was delivered before it", async () => {
    const session = `user-001-${FIRST}`;
    const merged = anOutcomeEvent({
      user: "user-001",
      timeMs: startOfDay(FIRST) + DAY_MS,
      branch: session,
      commits: [],
      sessions: [session],
    });

    const [before, after] = await nights([merged]);

    expect(before?.night).toMatchObject({ sessions: [] });
    expect(after?.night).toMatchObject({
      sessions: [
        { session: { session, creditMicroUnits: 1_000_000 } },
        { session: { creditMicroUnits: 0 } },
        { session: { creditMicroUnits: 0 } },
      ],
    });
  });
});
