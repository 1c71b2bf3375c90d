import { describe, expect, test } from "vitest";
import { userWindows, windowsBefore } from "../../../shared/scoring/user-windows.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";
import { aCostLine, aUserDay } from "../../support/user-days.ts";

const END = "2026-11-16";
const AS_OF_MS = Date.UTC(2026, 10, 16, 6);

const directory = {
  personOf: (user: string) => (user === "alias" ? "user-017" : user),
  placeOf: (_: string, day: string) => ({
    team: day < "2026-11-09" ? "team-checkout" : "team-search",
    costCenter: "CC-1001",
    owner: "checkout-owner",
    useCase: "feature-work",
  }),
};

const nothing = { sessionDays: [], directory };
const delivering = (credit: number, smallTasks = 0) => ({
  creditByUser: () => new Map([["user-017", credit]]),
  smallTasksByUser: () => new Map([["user-017", smallTasks]]),
});

describe("windowsBefore", () => {
  test("history is whole weeks back from the window, each seen at the window's age", () => {
    const windows = windowsBefore(END, AS_OF_MS, 2, [aUserDay({ day: "2026-01-01" })]);

    expect(windows).toEqual([
      { week: 0, from: "2026-10-26", to: "2026-11-02", asOfMs: Date.UTC(2026, 10, 2, 6) },
      { week: 1, from: "2026-11-02", to: "2026-11-09", asOfMs: Date.UTC(2026, 10, 9, 6) },
      { week: 2, from: "2026-11-09", to: "2026-11-16", asOfMs: AS_OF_MS },
    ]);
  });

  test("weeks before the first spend are no history, nor is one that the records begin in", () => {
    const windows = (firstDay: string) =>
      windowsBefore(END, AS_OF_MS, 12, [aUserDay({ day: firstDay })]);

    expect(windows("2026-11-02")).toHaveLength(2);
    expect(windows("2026-11-04")).toHaveLength(2);
    expect(windows("2026-11-05")).toHaveLength(1);
    expect(windowsBefore(END, AS_OF_MS, 12, [])).toHaveLength(1);
  });
});

describe("userWindows", () => {
  const windows = windowsBefore(END, AS_OF_MS, 1, [aUserDay({ day: "2026-11-02" })]);

  test("days of a person, under whatever pseudonym, add up to the window", () => {
    const lines = [aCostLine({ calls: 10, costNanoUsd: 3_000_000_000n })];
    const days = [
      aUserDay({ user: "user-017", day: "2026-11-09", lines }),
      aUserDay({ user: "alias", day: "2026-11-15", lines }),
      aUserDay({ user: "user-017", day: "2026-11-16", lines }),
    ];

    const delivery = delivering(1.5, 0.8);
    const units = userWindows(windows, { ...nothing, userDays: days, delivery });

    expect(units).toHaveLength(1);
    expect(units[0]).toMatchObject({
      user: "user-017",
      week: 1,
      calls: 20,
      sessions: 2,
      costNanoUsd: 6_000_000_000n,
      costUsd: 6,
      credit: 1.5,
      smallTasks: 0.8,
    });
  });

  test("tokens, agents and the longest sessions of a window are those of all its days", () => {
    const userDays = ["2026-11-09", "2026-11-10"].map((day) => aUserDay({ day }));
    const sessionDays = [
      { session: "long", day: "2026-11-09", calls: 30, agents: 2 },
      { session: "long", day: "2026-11-10", calls: 34, agents: 1 },
      { session: "middle", day: "2026-11-10", calls: 8, agents: 0 },
      { session: "short", day: "2026-11-10", calls: 1, agents: 0, user: "alias" },
      { session: "shorter", day: "2026-11-10", calls: 1, agents: 0 },
      { session: "later", day: "2026-11-16", calls: 99, agents: 9 },
    ].map((day) => aSessionDay({ user: "user-017", ...day }));

    const [unit] = userWindows(windows, {
      userDays,
      sessionDays,
      directory,
      delivery: delivering(0),
    });

    // 64, 8 and 1 calls: the cube root of 512.
    expect(unit?.longestSessionsCalls).toBeCloseTo(8, 12);
    expect(unit).toMatchObject({ agents: 3, inputTokens: 200, outputTokens: 100, smallTasks: 0 });
  });

  test("a person who changes teams is with the old team in the old weeks", () => {
    const days = ["2026-11-03", "2026-11-10"].map((day) => aUserDay({ day }));

    const units = userWindows(windows, { ...nothing, userDays: days, delivery: delivering(0) });

    expect(units.map(({ cohort }) => cohort)).toEqual([
      "team-checkout feature-work",
      "team-search feature-work",
    ]);
  });

  test("credit is asked for as it was known at each window's age", () => {
    const asked: string[] = [];

    userWindows(windows, {
      ...nothing,
      userDays: [],
      delivery: {
        ...delivering(0),
        creditByUser: (from, to, asOfMs) => {
          asked.push(`${from} ${to} ${new Date(asOfMs).toISOString()}`);
          return new Map();
        },
      },
    });

    expect(asked).toEqual([
      "2026-11-02 2026-11-09 2026-11-09T06:00:00.000Z",
      "2026-11-09 2026-11-16 2026-11-16T06:00:00.000Z",
    ]);
  });
});
