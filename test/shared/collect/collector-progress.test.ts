import { describe, expect, test } from "vitest";
import { daysToRead, tasksToKeep } from "../../../shared/collect/collector-progress.ts";

const NOW = Date.UTC(2026, 10, 21, 1);

describe("daysToRead", () => {
  test.each([
    ["a new collector reads 30 days and today", {}, undefined, "2026-10-22"],
    ["a new collector reads since the day that is said", {}, "2026-11-01", "2026-11-01"],
    ["the last three days are read again", { readUntil: "2026-11-21" }, undefined, "2026-11-18"],
    ["what was missed is read too", { readUntil: "2026-11-10" }, undefined, "2026-11-07"],
    ["no day before the first", { readUntil: "2026-11-21" }, "2026-11-20", "2026-11-20"],
  ])("%s", (_, progress, since, from) => {
    expect(daysToRead(progress, since, NOW)).toEqual({ from, to: "2026-11-22" });
  });
});

describe("tasksToKeep", () => {
  const day = { step: "report", from: "2026-11-20", to: "2026-11-21" };

  test("keeps the place in a sequence of pages", () => {
    expect(tasksToKeep([{ ...day, page: "p2" }])).toEqual([{ ...day, page: "p2" }]);
  });

  test("keeps the origin, once, of tasks about a signed link or a person", () => {
    const about = (link: string) => ({ ...day, step: "link", about: link, origin: day });

    expect(
      tasksToKeep([about("https://a.example/?sig=1"), about("https://a.example/?sig=2")]),
    ).toEqual([day]);
  });
});
