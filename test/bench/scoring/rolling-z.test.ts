import { describe, expect, test } from "vitest";
import { addDays, startOfDay } from "../../../shared/ledger/calendar.ts";
import { aCostLine, aUserDay } from "../../support/user-days.ts";
import { nightInput, SESSIONS_PER_PERSON } from "./night-input.ts";
import { rollingZ } from "./rolling-z.ts";

const FIRST = "2026-08-03";

function daysOf(dollars: readonly number[]) {
  return dollars.map((usd, at) =>
    aUserDay({
      day: addDays(FIRST, at),
      lines: [aCostLine({ costNanoUsd: BigInt(usd) * 1_000_000_000n })],
    }),
  );
}

describe("rollingZ", () => {
  test("tells the day that is three deviations above the fourteen before, and not those after it", () => {
    const calm = Array.from({ length: 14 }, (_, at) => 10 + (at % 2));
    const after = [11, 10, 11];

    // Mean 10.5, deviation 0.519: three of them end at 12.06.
    expect(rollingZ(daysOf([...calm, 12, ...after]), startOfDay(FIRST), 18)).toBe(0);
    expect(rollingZ(daysOf([...calm, 13, ...after]), startOfDay(FIRST), 18)).toBe(1);
  });

  test("the first fourteen days have nothing to be compared with", () => {
    expect(rollingZ(daysOf([1, 2, 1, 2, 1, 90]), startOfDay(FIRST), 6)).toBe(0);
  });
});

describe("nightInput", () => {
  test("the same people have the same night, each with as many sessions", () => {
    const night = nightInput(20);

    expect(night.sessionDays).toHaveLength(20 * SESSIONS_PER_PERSON);
    expect(new Set(night.sessionDays.map(({ session }) => session)).size).toBe(
      night.sessionDays.length,
    );
    expect(nightInput(20).sessionDays).toEqual(night.sessionDays);
  });
});
