import { describe, expect, test } from "vitest";
import { isCalendarDay } from "../../../shared/directory/calendar-day.ts";

describe("isCalendarDay", () => {
  test.each(["2026-10-01", "2028-02-29", "2000-02-29", "2026-12-31"])("%s is a day", (text) => {
    expect(isCalendarDay(text)).toBe(true);
  });

  test.each([
    "2026-02-29",
    "1900-02-29",
    "2026-02-30",
    "2026-04-31",
    "2026-13-01",
    "2026-00-10",
    "2026-1-1",
    "2026-10-01T00:00:00Z",
    "20261001",
    "",
  ])("%j is none", (text) => {
    expect(isCalendarDay(text)).toBe(false);
  });
});
