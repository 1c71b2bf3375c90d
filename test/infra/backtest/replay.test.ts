import { describe, expect, test } from "vitest";
import { startReplay, type UsageOfDay } from "../../../infra/backtest/replay.ts";
import type { Directory } from "../../../shared/directory/directory.ts";
import { addDays, startOfDay } from "../../../shared/ledger/calendar.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { someSettings } from "../../support/settings.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const DAY = "2026-10-05";
const HOUR_MS = 3_600_000;
const NOBODY = { assignments: [], aliases: new Map() };

/** One call a minute from an hour of the day on, of a dollar each. */
function dollarCalls(day: string, hour: number, count: number): readonly UsageEvent[] {
  return Array.from({ length: count }, (_, at) =>
    aUsageEvent({
      id: `${day}-${hour}-${at}`,
      timeMs: startOfDay(day) + hour * HOUR_MS + at * 60_000,
    }),
  );
}

function usageOf(events: readonly UsageEvent[]): UsageOfDay {
  return Map.groupBy(events, ({ user }) => user);
}

function aReplay(sessionHardCapUsd: number, directory: Directory = NOBODY) {
  return startReplay({
    settings: someSettings({ scoring: { sessionHardCapUsd } }),
    priceBook: flatPriceBook({ "claude-sonnet-4-5": 1_000_000_000n }),
    directory,
    outcomes: [],
    answers: [],
    scoredAtMs: 3 * HOUR_MS,
  });
}

describe("a replayed day", () => {
  test("counts a call once that two names of a person state", async () => {
    const replay = aReplay(10, { ...NOBODY, aliases: new Map([["key", aUsageEvent().user]]) });
    const calls = dollarCalls(DAY, 9, 8);

    await replay.day(
      DAY,
      usageOf([...calls, ...calls.map((call) => ({ ...call, user: "key" }))]),
      false,
    );

    expect(replay.alerts()).toEqual([]);
  });

  test("tells of a running session at the very call with which it passes its limit", async () => {
    const replay = aReplay(10);

    await replay.day(DAY, usageOf(dollarCalls(DAY, 9, 40)), false);

    expect(replay.alerts()).toMatchObject([
      {
        type: "RUNAWAY",
        asOfMs: startOfDay(DAY) + 9 * HOUR_MS + 10 * 60_000,
        evidence: { costNanoUsd: 11_000_000_000n },
      },
    ]);
  });

  test("tells once of a session that goes on over midnight, with what it cost on both days", async () => {
    const replay = aReplay(30);
    const next = addDays(DAY, 1);

    await replay.day(DAY, usageOf(dollarCalls(DAY, 23, 25)), false);
    await replay.day(next, usageOf(dollarCalls(next, 0, 25)), false);
    await replay.day(next, usageOf(dollarCalls(next, 5, 25)), false);

    expect(replay.alerts()).toMatchObject([
      { asOfMs: startOfDay(next) + 5 * 60_000, evidence: { costNanoUsd: 31_000_000_000n } },
    ]);
  });

  test("says nothing of a session that stays at its limit", async () => {
    const replay = aReplay(40);

    await replay.day(DAY, usageOf(dollarCalls(DAY, 9, 40)), false);

    expect(replay.alerts()).toEqual([]);
  });

  test("a night judges the days before it, and none of its own calls", async () => {
    const replay = aReplay(1_000);
    const next = addDays(DAY, 1);

    await replay.day(DAY, usageOf(dollarCalls(DAY, 9, 40)), false);
    const night = await replay.day(next, usageOf(dollarCalls(next, 1, 5)), true);

    expect(night?.windows).toMatchObject([{ unit: { calls: 40, costNanoUsd: 40_000_000_000n } }]);
  });

  test("counts a call once that two entries tell of, and calls without a price as such", async () => {
    const replay = aReplay(1_000);
    const next = addDays(DAY, 1);
    const twice = [aUsageEvent(), aUsageEvent({ timeMs: aUsageEvent().timeMs + 90_000 })];
    const unpriced = aUsageEvent({ id: "x", model: "unlisted" });

    await replay.day(DAY, usageOf([...twice, unpriced]), false);
    const night = await replay.day(next, new Map(), true);

    expect(night?.windows).toMatchObject([{ unit: { calls: 2, costNanoUsd: 1_000_000_000n } }]);
    expect(replay.unpricedCalls()).toBe(1);
  });

  test("counts a call once, on the earlier day, that is told of on both sides of midnight", async () => {
    const replay = aReplay(1_000);
    const [next, last] = [addDays(DAY, 1), addDays(DAY, 2)];
    const midnight = startOfDay(next);

    await replay.day(DAY, usageOf([aUsageEvent({ timeMs: midnight - 60_000 })]), false);
    await replay.day(next, usageOf([aUsageEvent({ timeMs: midnight + 60_000 })]), false);

    const [first, second] = [
      await replay.day(next, new Map(), true),
      await replay.day(last, new Map(), true),
    ];
    expect(first?.windows).toMatchObject([{ unit: { calls: 1 } }]);
    expect(second?.windows).toMatchObject([{ unit: { calls: 1, sessions: 1 } }]);
  });
});
