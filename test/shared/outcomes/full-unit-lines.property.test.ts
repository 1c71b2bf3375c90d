import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FullUnitInput, fullUnitLines } from "../../../shared/outcomes/full-unit-lines.ts";
import type { SizedTask } from "../../../shared/outcomes/task-size.ts";

const teamOf: FullUnitInput["teamOf"] = (user) => /^(.*)-\d+$/.exec(user)?.[1];

function tasksOf(team: string, most: number, { people = 7, minLength = 0, maxLength = 120 } = {}) {
  const lines = fc.integer({ min: 0, max: most });
  const author = fc.nat(people - 1).map((at) => `${team}-${at}`);
  return fc.array(fc.record({ author, lines }), { minLength, maxLength });
}

const organisation = fc
  .tuple(tasksOf("team-web", 60), tasksOf("team-search", 400), tasksOf("team-data", 2_000))
  .map((teams) => teams.flat());

const MEMBERS = ["team-web-0", "team-search-0", "team-data-0", "nobody"];

const linesIn = (tasks: readonly SizedTask[]) => MEMBERS.map(fullUnitLines({ tasks, teamOf }));

describe("fullUnitLines", () => {
  test("is at least ten, and does not depend on the order of the tasks", () => {
    const shuffled = organisation.chain((tasks) =>
      fc.tuple(fc.constant(tasks), fc.shuffledSubarray(tasks, { minLength: tasks.length })),
    );

    fc.assert(
      fc.property(shuffled, ([tasks, inOtherOrder]) => {
        expect(linesIn(inOtherOrder)).toEqual(linesIn(tasks));
        expect(Math.min(...linesIn(tasks))).toBeGreaterThanOrEqual(10);
      }),
    );
  });

  test("whatever a team floods, its line stays at half of what the others' tasks say or more", () => {
    const others = tasksOf("team-search", 400, { minLength: 60 });
    const flood = tasksOf("team-web", 3, { minLength: 200, maxLength: 900 });

    fc.assert(
      fc.property(others, flood, (honest, tiny) => {
        const sizes = honest.map(({ lines }) => lines).filter((lines) => lines > 0);
        fc.pre(sizes.length >= 20);
        const rank = Math.floor((sizes.length - 1) / 4);
        const quarter = sizes.toSorted((a, b) => a - b)[rank] ?? 0;

        const [flooded = 0] = linesIn([...honest, ...tiny]);

        expect(flooded).toBe(Math.max(10, Math.max(10, quarter) / 2));
      }),
    );
  });

  test("one team's tasks do not change the line of another that is within its bounds", () => {
    // All of one size: however many others there are, it is between half and twice theirs.
    const own = Array.from({ length: 60 }, (_, at) => ({
      author: `team-web-${at % 6}`,
      lines: 50,
    }));
    const others = fc.array(
      fc.record({
        author: fc.nat(6).map((at) => `team-search-${at}`),
        lines: fc.integer({ min: 25, max: 100 }),
      }),
      { maxLength: 200 },
    );

    fc.assert(
      fc.property(others, (tasks) => {
        expect(linesIn([...own, ...tasks])[0]).toBe(50);
      }),
    );
  });
});
