import { describe, expect, test } from "vitest";
import { userWindows, windowsBefore } from "../../../shared/scoring/user-windows.ts";
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

    const units = userWindows(windows, days, () => new Map([["user-017", 1.5]]), directory);

    expect(units).toHaveLength(1);
    expect(units[0]).toMatchObject({
      user: "user-017",
      week: 1,
      calls: 20,
      sessions: 2,
      costNanoUsd: 6_000_000_000n,
      costUsd: 6,
      credit: 1.5,
    });
  });

  test("a person who changes teams is with the old team in the old weeks", () => {
    const days = ["2026-11-03", "2026-11-10"].map((day) => aUserDay({ day }));

    const units = userWindows(windows, days, () => new Map(), directory);

    expect(units.map(({ cohort }) => cohort)).toEqual([
      "team-checkout feature-work",
      "team-search feature-work",
    ]);
  });

  test("credit is asked for as it was known at each window's age", () => {
    const asked: string[] = [];

    userWindows(
      windows,
      [],
      (from, to, asOfMs) => {
        asked.push(`${from} ${to} ${new Date(asOfMs).toISOString()}`);
        return new Map();
      },
      directory,
    );

    expect(asked).toEqual([
      "2026-11-02 2026-11-09 2026-11-09T06:00:00.000Z",
      "2026-11-09 2026-11-16 2026-11-16T06:00:00.000Z",
    ]);
  });
});
