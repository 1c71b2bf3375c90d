import { describe, expect, test } from "vitest";
import {
  addDays,
  dayOf,
  daysBetween,
  monthsBetween,
  periodOfMonth,
} from "../../../shared/ledger/calendar.ts";

describe("the calendar", () => {
  test("is in UTC, whatever the machine's zone", () => {
    expect(dayOf(Date.parse("2026-10-31T23:59:59.999Z"))).toBe("2026-10-31");
    expect(dayOf(Date.parse("2026-11-01T00:30:00+02:00"))).toBe("2026-10-31");
  });

  test("counts days over the end of a month and a leap day", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(daysBetween("2026-10-30", "2026-11-02")).toEqual([
      "2026-10-30",
      "2026-10-31",
      "2026-11-01",
    ]);
    expect(daysBetween("2026-10-30", "2026-10-30")).toEqual([]);
  });

  test("gives a month as a period whose end is exclusive", () => {
    expect(periodOfMonth("2026-12")).toEqual({ from: "2026-12-01", to: "2027-01-01" });
  });

  test("names the months that a period touches", () => {
    expect(monthsBetween("2026-08-31", "2026-10-01")).toEqual(["2026-08", "2026-09"]);
  });
});
