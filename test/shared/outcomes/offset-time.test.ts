import { describe, expect, test } from "vitest";
import { OffsetTime } from "../../../shared/outcomes/offset-time.ts";

describe("OffsetTime", () => {
  test.each([
    ["2026-11-21T23:10:04Z", Date.UTC(2026, 10, 21, 23, 10, 4)],
    ["2026-11-22T00:30:04.123+01:00", Date.UTC(2026, 10, 21, 23, 30, 4, 123)],
    // Jira
    ["2026-11-22T00:30:04.123+0100", Date.UTC(2026, 10, 21, 23, 30, 4, 123)],
    // GitLab, in both of its forms
    ["2026-11-21 22:03:57 UTC", Date.UTC(2026, 10, 21, 22, 3, 57)],
    ["2021-04-28 21:50:00 +0200", Date.UTC(2021, 3, 28, 19, 50)],
    // finer than a millisecond
    ["2026-11-21T23:10:04.123456789Z", Date.UTC(2026, 10, 21, 23, 10, 4, 123)],
  ])("reads %s", (text, timeMs) => {
    expect(OffsetTime.parse(text)).toBe(timeMs);
  });

  test.each([
    ["a time without an offset, which may be anybody's", "2026-11-21 22:03:57"],
    ["a date that is in no calendar", "2026-02-30T00:00:00Z"],
    ["an hour that is on no clock", "2026-02-03T25:00:00Z"],
    ["a time of before there were such tools", "1970-01-21T20:41:42Z"],
    ["a zone by another name", "2026-11-21 22:03:57 CET"],
    ["a number", 1_795_302_604_123],
    ["nothing", ""],
  ])("refuses %s", (_, value) => {
    expect(OffsetTime.safeParse(value).success).toBe(false);
  });
});
