import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, dayOf } from "../../../shared/ledger/calendar.ts";
import { mergeLines } from "../../../shared/ledger/cost-lines.ts";
import { foldPersonDay, foldUserDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const MIDNIGHT = Date.UTC(2026, 10, 1);
const TODAY = "2026-11-01";
const NAMES = ["key", "machine", "mail"] as const;
const rules = {
  priceBook: flatPriceBook({ "claude-sonnet-4-5": 1_000n, "composer-1": 7n }),
  authority: REQUESTS_FIRST,
};

const RESPONSES = [undefined, "r1", "r2"];

/** An entry as it would be under one name: of an identity, session and moment there is one content. */
const anEntry = fc
  .record({
    id: fc.integer({ min: 0, max: 6 }),
    grain: fc.constantFrom("request", "request", "window", "day", "link"),
    session: fc.constantFrom("s1", "s2", "-"),
    minute: fc.integer({ min: -20, max: 20 }),
    restated: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  })
  .map(({ id, grain, session, minute, restated }) => {
    const response = RESPONSES[Math.abs(minute + id) % RESPONSES.length];
    return aUsageEvent({
      id: `${grain}:${id}:${restated ?? ""}`,
      grain,
      session,
      // A row is of its day's midnight.
      timeMs: grain === "day" ? MIDNIGHT : MIDNIGHT + minute * 60_000 + id,
      model: id % 2 === 0 ? "claude-sonnet-4-5" : "composer-1",
      tokens: { uncachedInput: 10 ** id },
      ...(grain === "request" && response !== undefined ? { response } : {}),
      ...(grain === "day" && restated !== undefined
        ? { revision: { of: `row ${id}`, asOfMs: restated } }
        : {}),
    });
  });

const entriesAndNames = fc
  .array(fc.tuple(anEntry, fc.constantFrom(...NAMES)), { maxLength: 14 })
  .map((pairs) =>
    // Counters are apart by name, so each has one.
    pairs.map(([event, name]) => ({ ...event, user: event.grain === "window" ? "machine" : name })),
  );

function underOneName(events: readonly UsageEvent[]): readonly UsageEvent[] {
  return events.map((event) => ({ ...event, user: "mail" }));
}

/** What the names come to together. */
function together(day: string, events: readonly UsageEvent[]) {
  const days = foldPersonDay(NAMES, day, events, rules).map(({ userDay }) => userDay);
  return {
    lines: mergeLines(days.flatMap(({ lines }) => lines)),
    otherGrain: mergeLines(days.flatMap(({ otherGrain = [] }) => otherGrain)),
    calls: days.reduce((sum, { calls }) => sum + calls, 0),
    costNanoUsd: days.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n),
  };
}

describe("calls that any names of a person state", () => {
  test("come to what they come to under one name, on each day", () => {
    fc.assert(
      fc.property(entriesAndNames, (events) => {
        for (const day of [addDays(TODAY, -1), TODAY]) {
          const { userDay } = foldUserDay("mail", day, underOneName(events), rules);
          expect(together(day, events)).toEqual({
            lines: userDay.lines,
            otherGrain: userDay.otherGrain ?? [],
            calls: userDay.calls,
            costNanoUsd: userDay.costNanoUsd,
          });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("are on the same names in whatever order they are read", () => {
    fc.assert(
      fc.property(
        entriesAndNames.chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray(events, { minLength: events.length }),
            fc.shuffledSubarray([...NAMES], { minLength: NAMES.length }),
          ),
        ),
        ([events, shuffled, names]) => {
          const one = foldPersonDay(NAMES, TODAY, events, rules);
          const other = foldPersonDay(names, TODAY, shuffled, rules);
          const sums = (days: typeof one) =>
            new Map(
              days.map(({ userDay, sessionDays }) => [
                userDay.user,
                [userDay.lines, sessionDays.map(({ session, calls }) => [session, calls])],
              ]),
            );
          expect(sums(other)).toEqual(sums(one));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("rest on no fewer entries with each that is added, of whichever name", () => {
    fc.assert(
      fc.property(entriesAndNames, (events) => {
        const seen = events.map(
          (_, at) =>
            foldPersonDay(NAMES, TODAY, events.slice(0, at + 1), rules)[0]?.userDay.version.entries,
        );
        expect(seen).toEqual(seen.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
        expect(seen.at(-1) ?? 0).toBeGreaterThanOrEqual(
          events.filter(({ timeMs }) => dayOf(timeMs) === TODAY).length,
        );
      }),
    );
  });
});
