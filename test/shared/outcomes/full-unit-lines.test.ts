import { describe, expect, test } from "vitest";
import { type FullUnitInput, fullUnitLines } from "../../../shared/outcomes/full-unit-lines.ts";

const teamOf: FullUnitInput["teamOf"] = (user) => /^(.*)-\d+$/.exec(user)?.[1];

/** Tasks of `each`, twice `each`, … lines, by the people of a team in turn. */
function tasksOf(team: string, count: number, each: number, people = 5) {
  return Array.from({ length: count }, (_, at) => ({
    author: `${team}-${at % people}`,
    lines: each * (at + 1),
  }));
}

/** 4, 8, … 400 lines: a quarter stays below 103, without whoever else there is below 100. */
const OTHERS = tasksOf("team-search", 100, 4, 20);

describe("fullUnitLines", () => {
  test("is what a quarter of the tasks of the person's team stay below", () => {
    // 6, 12, … 240 lines: quantile 0.25 of type 7 is 64.5.
    const linesOf = fullUnitLines({ tasks: [...OTHERS, ...tasksOf("team-web", 40, 6)], teamOf });

    expect(linesOf("team-web-0")).toBe(64.5);
    expect(linesOf("team-search-0")).toBe(103);
  });

  test("is the organisation's for who has no team, or is of one that nobody delivers in", () => {
    const tasks = tasksOf("team-web", 40, 8);
    // 8, 16, … 320 lines: quantile 0.25 is 86.
    const linesOf = fullUnitLines({ tasks, teamOf });

    expect(linesOf("nobody")).toBe(86);
    expect(linesOf("team-mobile-3")).toBe(86);
  });

  test.each([
    { what: "fewer than 40 tasks", few: tasksOf("team-web", 39, 6) },
    { what: "fewer than five people", few: tasksOf("team-web", 40, 6, 4) },
  ])("is the organisation's for a team with $what to learn from", ({ few }) => {
    const linesOf = fullUnitLines({ tasks: [...OTHERS, ...few], teamOf });

    expect(linesOf("team-web-0")).toBe(linesOf("nobody"));
    expect(linesOf("team-search-0")).not.toBe(linesOf("nobody"));
  });

  test("tasks without lines teach nothing", () => {
    const empty = tasksOf("team-web", 400, 0);
    const linesOf = fullUnitLines({
      tasks: [...OTHERS, ...empty, ...tasksOf("team-web", 39, 6)],
      teamOf,
    });

    expect(linesOf("team-web-0")).toBe(linesOf("nobody"));
  });

  test.each([
    { what: "half", each: 1, lines: 50 },
    { what: "twice", each: 100, lines: 200 },
  ])("is no less than half and no more than twice what it is for all others: $what", (row) => {
    const tasks = [...OTHERS, ...tasksOf("team-web", 100, row.each)];
    const linesOf = fullUnitLines({ tasks, teamOf });

    // A quarter of the others stay below 100 lines, to a whole task.
    expect(linesOf("team-web-0")).toBe(row.lines);
  });

  test("is 20 while fewer than twenty tasks have a size, and ten at least", () => {
    expect(fullUnitLines({ tasks: tasksOf("team-web", 19, 90), teamOf })("team-web-0")).toBe(20);
    const tiny = tasksOf("team-web", 400, 0).map((task) => ({ ...task, lines: 1 }));
    expect(fullUnitLines({ tasks: tiny, teamOf })("team-web-0")).toBe(10);
    expect(fullUnitLines({ tasks: tiny, teamOf })("nobody")).toBe(10);
  });
});
