import { describe, expect, test } from "vitest";
import {
  daysThatDependOn,
  entriesOfDay,
  neighboursOf,
} from "../../../shared/ledger/across-midnight.ts";
import { segmentKey } from "../../../shared/ledger/segment.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const FIRST = "2026-10-31";
const SECOND = "2026-11-01";
const MIDNIGHT = Date.UTC(2026, 10, 1);
const MINUTE = 60_000;

function at(minutes: number, overrides: Partial<UsageEvent> = {}): UsageEvent {
  return aUsageEvent({ timeMs: MIDNIGHT + minutes * MINUTE, ...overrides });
}

function booked(entries: readonly UsageEvent[]) {
  return [FIRST, SECOND].map((day) => entriesOfDay(day, entries).booked.map(({ id }) => id));
}

describe("entriesOfDay", () => {
  test("gives all of a call to the day on which it was first seen", () => {
    const entries = [at(-1, { id: "a" }), at(0, { id: "a", session: "gateway" })];

    expect(booked(entries)).toEqual([["a", "a"], []]);
  });

  test.each([
    { minutes: [-15, 14.99], days: [2, 0] },
    { minutes: [-15.01, 0], days: [1, 1] },
    { minutes: [-0.01, 15], days: [1, 1] },
  ])("looks a quarter of an hour to both sides: $minutes", ({ minutes, days }) => {
    const entries = minutes.map((each) => at(each));

    expect(booked(entries).map(({ length }) => length)).toEqual(days);
  });

  test("leaves out what the later day holds of the call after the first minutes, too", () => {
    expect(booked([at(-1), at(1), at(200)])).toEqual([[at(0).id, at(0).id], []]);
  });

  test("leaves different calls where they are, and what is no single call", () => {
    const entries = [
      at(-1, { id: "a" }),
      at(1, { id: "b" }),
      at(-1, { id: "row", grain: "day" }),
      at(0, { id: "row", grain: "day" }),
      at(-1, { id: "window", grain: "window" }),
      at(1, { id: "window", grain: "window" }),
    ];

    expect(booked(entries)).toEqual([
      ["a", "row", "window"],
      ["b", "row", "window"],
    ]);
  });

  test("knows a call by the provider's response, also where only another entry of it tells that", () => {
    const entries = [
      at(-1, { id: "a" }),
      at(1, { id: "a", response: "msg-1", session: "s2" }),
      at(2, { id: "b", response: "msg-1" }),
      at(2, { id: "c", response: "msg-1", model: "another" }),
    ];

    expect(booked(entries)).toEqual([["a", "a", "b"], ["c"]]);
  });

  test.each([
    { what: "named first", early: { response: "r1" }, late: {} },
    { what: "named second", early: {}, late: { response: "r1" } },
  ])("knows a call without an id by its moment and counts, $what", ({ early, late }) => {
    const entries = [at(-0.1, { id: "a", ...early }), at(0.1, { id: "b", ...late })];

    expect(booked(entries)).toEqual([["a", "b"], []]);
  });

  test("leaves a pair of the later day together, beside a pair of the earlier one", () => {
    const entries = [
      at(-0.2, { id: "a", response: "r1" }),
      at(-0.1, { id: "b" }),
      at(0.1, { id: "c", response: "r2" }),
      at(0.2, { id: "d" }),
    ];

    expect(booked(entries)).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  test("counts a call that is told of again each midnight on the first day only", () => {
    const entries = [at(-1), at(1), at(24 * 60 - 1), at(24 * 60 + 1)];
    const days = [FIRST, SECOND, "2026-11-02"];

    expect(days.map((day) => entriesOfDay(day, entries).booked.length)).toEqual([2, 0, 0]);
  });

  test("says how many entries a day rests on, which no further entry makes less", () => {
    const entries = [at(1, { id: "b" }), at(-1, { id: "a" }), at(-1, { id: "b" }), at(90)];
    const seen = entries.map((_, index) => entriesOfDay(SECOND, entries.slice(0, index + 1)).seen);

    expect(seen).toEqual([1, 2, 3, 4]);
    expect(entriesOfDay(SECOND, [at(-1), at(90)]).seen).toBe(1);
  });
});

describe("neighboursOf", () => {
  test.each([
    { minutes: [60], days: [] },
    { minutes: [0], days: [FIRST] },
    { minutes: [24 * 60 - 1], days: ["2026-11-02"] },
    { minutes: [14, 24 * 60 - 15], days: [FIRST, "2026-11-02"] },
  ])("of a day with requests in minute $minutes", ({ minutes, days }) => {
    expect(
      neighboursOf(
        SECOND,
        minutes.map((each) => at(each)),
      ),
    ).toEqual(days);
  });

  test("are none for rows of the whole day, though they are booked at midnight", () => {
    expect(neighboursOf(SECOND, [at(0, { grain: "day" })])).toEqual([]);
  });
});

describe("daysThatDependOn", () => {
  test.each([
    { minutes: -16, days: [FIRST] },
    { minutes: -15, days: [FIRST, SECOND] },
    { minutes: 14, days: [SECOND, FIRST] },
    { minutes: 15, days: [SECOND] },
  ])("a segment $minutes minutes after midnight", ({ minutes, days }) => {
    expect(daysThatDependOn(segmentKey(at(minutes, { session: "a#2359" })))).toEqual(days);
  });

  test("an item that is no segment: none", () => {
    expect(daysThatDependOn({ pk: "O#202610#0", sk: "x#0001" })).toEqual([]);
  });
});
