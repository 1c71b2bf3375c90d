import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countedEntries } from "../../../shared/ledger/counted-entries.ts";
import { grainAuthority, REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const DAY = "2026-10-05";
const midnight = Date.UTC(2026, 9, 5);
const DAYS_FIRST = grainAuthority([{ tool: "claude-code", grain: "day", from: "2026-10-01" }]);

function aDayRow(overrides: Parameters<typeof aUsageEvent>[0] = {}): UsageEvent {
  return aUsageEvent({ id: "day", grain: "day", session: "-", timeMs: midnight, ...overrides });
}

function ids(events: readonly UsageEvent[]): readonly string[] {
  return events.map(({ id }) => id).sort();
}

describe("countedEntries", () => {
  test("of a restated row, the latest statement stands, whatever came first", () => {
    const row = (asOfMs: number) =>
      aDayRow({ id: `row@${asOfMs}`, tool: "kiro", revision: { of: "row", asOfMs } });

    const { counted, otherGrain } = countedEntries(DAY, [row(3), row(9), row(5)], REQUESTS_FIRST);

    expect(ids(counted)).toEqual(["row@9"]);
    expect(otherGrain).toEqual([]);
  });

  test("rows of different names stand beside each other", () => {
    const rows = ["ide", "cli"].map((of) =>
      aDayRow({ id: `${of}@1`, tool: "kiro", revision: { of, asOfMs: 1 } }),
    );

    expect(countedEntries(DAY, rows, REQUESTS_FIRST).counted).toHaveLength(2);
  });

  test("believes calls over the day's row, which is kept to compare", () => {
    const { counted, otherGrain } = countedEntries(
      DAY,
      [aUsageEvent({ id: "call" }), aDayRow()],
      REQUESTS_FIRST,
    );

    expect(ids(counted)).toEqual(["call"]);
    expect(ids(otherGrain)).toEqual(["day"]);
  });

  test("believes the day's row where that is set, from its date on", () => {
    const timeMs = Date.UTC(2026, 8, 30);
    const before = [aUsageEvent({ id: "call", timeMs }), aDayRow({ timeMs })];

    expect(
      ids(countedEntries(DAY, [aUsageEvent({ id: "call" }), aDayRow()], DAYS_FIRST).counted),
    ).toEqual(["day"]);
    expect(ids(countedEntries("2026-09-30", before, DAYS_FIRST).counted)).toEqual(["call"]);
  });

  test("counts the grain that is there, whoever is believed: no spend is left out", () => {
    const call = [aUsageEvent({ id: "call" })];

    expect(ids(countedEntries(DAY, call, DAYS_FIRST).counted)).toEqual(["call"]);
    expect(ids(countedEntries(DAY, [aDayRow()], REQUESTS_FIRST).counted)).toEqual(["day"]);
  });

  test("tools do not shadow each other", () => {
    const entries = [aUsageEvent({ id: "call" }), aDayRow({ id: "kiro", tool: "kiro" })];

    expect(ids(countedEntries(DAY, entries, REQUESTS_FIRST).counted)).toEqual(["call", "kiro"]);
  });

  test("a window without a session is shadowed by any call of its tool that day", () => {
    const window = { grain: "window", session: "-" } as const;
    const entries = [
      aUsageEvent({ id: "call", tool: "gen-ai", session: "s1" }),
      aUsageEvent({ id: "shadowed", tool: "gen-ai", ...window }),
      aUsageEvent({ id: "alone", tool: "gen-ai:other", ...window }),
    ];

    expect(ids(countedEntries(DAY, entries, REQUESTS_FIRST).counted)).toEqual(["alone", "call"]);
  });

  test("links count beside either grain", () => {
    const entries = [aDayRow(), aUsageEvent({ id: "link", grain: "link" })];

    expect(ids(countedEntries(DAY, entries, DAYS_FIRST).counted)).toEqual(["day", "link"]);
  });

  test("no order of arrival changes what counts", () => {
    const entry = fc
      .record({
        grain: fc.constantFrom("request" as const, "window" as const, "day" as const),
        tool: fc.constantFrom("claude-code", "kiro"),
        session: fc.constantFrom("-", "s1"),
        of: fc.constantFrom("a", "b", undefined),
        asOfMs: fc.integer({ min: 1, max: 3 }),
      })
      .map(({ of, asOfMs, ...fields }) =>
        aUsageEvent({
          id: JSON.stringify([fields, of, asOfMs]),
          ...fields,
          ...(of === undefined ? {} : { revision: { of, asOfMs } }),
        }),
      );
    fc.assert(
      fc.property(
        fc
          .array(entry, { maxLength: 12 })
          .chain((entries) =>
            fc.tuple(
              fc.constant(entries),
              fc.shuffledSubarray(entries, { minLength: entries.length }),
            ),
          ),
        ([entries, shuffled]) => {
          const one = countedEntries(DAY, entries, DAYS_FIRST);
          const other = countedEntries(DAY, shuffled, DAYS_FIRST);
          expect(ids(one.counted)).toEqual(ids(other.counted));
          expect(ids(one.otherGrain)).toEqual(ids(other.otherGrain));
        },
      ),
    );
  });
});
