import { describe, expect, test } from "vitest";
import { deliveryHistory } from "../../../shared/outcomes/delivery-history.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { linesAdded, MERGED_MS, unitsOf } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

/** `team-web` delivers tasks of 40 lines, all others of 60: these are the lines of a full unit. */
const SIZES = { "team-web": 40, "team-search": 60 };
const teamOf = (user: string) => /^(.*)-\d+$/.exec(user)?.[1];

const HISTORY = Object.entries(SIZES).flatMap(([team, lines]) =>
  Array.from({ length: 40 }, (_, at) =>
    change(`${team}-task-${at}`, lines, { user: `${team}-${at % 5}` }),
  ),
);

function change(task: string, lines: number, more: Partial<OutcomeEvent> = {}): OutcomeEvent {
  return anOutcomeEvent({
    id: `${task} of ${more.user ?? "team-web-0"}`,
    user: "team-web-0",
    task,
    branch: task,
    commits: [],
    size: linesAdded(lines),
    ...more,
  });
}

/** Units, by outcome, of what is delivered beside the history. */
function unitsBeside(outcomes: readonly OutcomeEvent[]) {
  const all = unitsOf([...HISTORY, ...outcomes], { teamOf });
  const ids = new Set(outcomes.map(({ id }) => id));
  const counted = all.flatMap((unit) => unit.counted).filter(({ id }) => ids.has(id));
  return counted.map(({ creditMicroUnits }) => creditMicroUnits / 1e6);
}

describe("the lines of a full unit, by team", () => {
  test("are those of the author's team", () => {
    expect(unitsBeside([change("A", 10)])).toEqual([0.25]);
    expect(unitsBeside([change("A", 15, { user: "team-search-0" })])).toEqual([0.25]);
  });

  test("each author's lines count by their own team's in a task of both, whoever began it", () => {
    const web = change("A", 10);
    const search = change("A", 30, { user: "team-search-0" });
    const later = { timeMs: MERGED_MS + 1 };

    expect(unitsBeside([web, { ...search, ...later }])).toEqual([0.25, 0.5]);
    expect(unitsBeside([{ ...web, ...later }, search])).toEqual([0.5, 0.25]);
  });

  test("of one change, ten full units by its author's team count, whosever task it is in", () => {
    const small = change("A", 1, { user: "team-search-0" });
    const large = change("A", 4_000, { timeMs: MERGED_MS + 1, sessions: ["s1"] });
    const [unit] = unitsOf([...HISTORY, small, large], { teamOf }).filter(
      ({ task }) => task === "A",
    );

    // 1 of 60 lines, and then what is left of the unit.
    expect(unit?.counted.map(({ creditMicroUnits }) => creditMicroUnits)).toEqual([
      16_667, 983_333,
    ]);
  });

  test("say what a task lacks to a full unit", () => {
    const outcomes = [
      ...HISTORY,
      change("A", 10),
      change("B", 15, { user: "team-search-0" }),
      change("C", 20, { user: "team-web-1" }),
      change("C", 15, { user: "team-search-1", timeMs: MERGED_MS + 1 }),
    ];
    const settings = { survivalDays: 7, productionEnvironments: [] };
    const history = deliveryHistory({ outcomes, sessions: [], settings, teamOf });

    expect(Object.fromEntries(history.smallTasksByUser("2026-10-05", "2026-10-12"))).toEqual({
      "team-web-0": 0.75,
      "team-search-0": 0.75,
      // Half a unit of one team, a quarter of the other's.
      "team-web-1": 0.25,
    });
  });
});
