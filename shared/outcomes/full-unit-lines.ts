import { ascending, countUpTo, quantileOfSorted } from "../order-statistics.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { pushTo } from "./outcome-index.ts";
import type { SizedTask } from "./task-size.ts";

/** Lines for a full unit while there are fewer than {@link FEWEST_TASKS} sized tasks to learn from. */
const DEFAULT_FULL_UNIT_LINES = 20;
const FEWEST_TASKS = 20;
/** Never fewer: a flood of one-line changes must not make one line worth a unit. */
const LEAST_FULL_UNIT_LINES = 10;
/** The share of tasks below a quartile of so many is 25 % give or take 7 (one standard error). */
const FEWEST_TASKS_OF_TEAM = 40;
/** With fewer people the line would be one person's habit. */
const FEWEST_PEOPLE_OF_TEAM = 5;
/** How far a team's line may be from that of all the others, as a factor, either way. */
const FARTHEST_FROM_OTHERS = 2;

/** The share of tasks that stay below a full unit. */
const SMALL_SHARE = 0.25;

export type FullUnitInput = {
  readonly tasks: readonly SizedTask[];
  /** `undefined` for people without a team. */
  readonly teamOf: (user: UserPseudonym) => string | undefined;
};

/** Lines that earn a full unit in a change of a person. */
export type FullUnitLines = (user: UserPseudonym) => number;

/**
 * The lower quartile of the sizes of the tasks of a person's team; of the organisation's where the team
 * has too few of them. A team's is kept between half and twice what it would be without that team, so
 * that a flood of small tasks lowers it by so much and no further. While the others have too few, all tasks
 * stand for them, the team's own too.
 */
export function fullUnitLines({ tasks, teamOf }: FullUnitInput): FullUnitLines {
  const sized = tasks.filter(({ lines }) => lines > 0);
  const all = ascending(sized.map(({ lines }) => lines));
  const ofAll = quartileOrDefault(all);
  const byTeam = new Map<string, SizedTask[]>();
  for (const task of sized) {
    const team = teamOf(task.author);
    if (team !== undefined) {
      pushTo(byTeam, team, task);
    }
  }
  const linesOf = new Map(
    [...byTeam]
      .filter(([, own]) => canBeLearntFrom(own))
      .map(([team, own]) => [team, ofTeam(ascending(own.map(({ lines }) => lines)), all, ofAll)]),
  );
  // Asked for of each of some hundred thousand outcomes.
  const known = new Map<UserPseudonym, number>();
  return (user) => {
    const before = known.get(user);
    if (before !== undefined) {
      return before;
    }
    const lines = linesOf.get(teamOf(user) ?? "") ?? ofAll;
    known.set(user, lines);
    return lines;
  };
}

function canBeLearntFrom(tasks: readonly SizedTask[]): boolean {
  const people = new Set(tasks.map(({ author }) => author));
  return tasks.length >= FEWEST_TASKS_OF_TEAM && people.size >= FEWEST_PEOPLE_OF_TEAM;
}

function quartileOrDefault(sorted: Float64Array): number {
  return sorted.length < FEWEST_TASKS
    ? DEFAULT_FULL_UNIT_LINES
    : Math.max(LEAST_FULL_UNIT_LINES, quantileOfSorted(sorted, SMALL_SHARE));
}

function ofTeam(own: Float64Array, all: Float64Array, ofAll: number): number {
  const others = quartileOfOthers(own, all) ?? ofAll;
  const nearest = Math.min(
    others * FARTHEST_FROM_OTHERS,
    Math.max(others / FARTHEST_FROM_OTHERS, quantileOfSorted(own, SMALL_SHARE)),
  );
  return Math.max(LEAST_FULL_UNIT_LINES, nearest);
}

/**
 * The lower quartile of all without a team's own, to a whole task: by binary search, as every team asks
 * for it. `undefined` if the others are too few.
 */
function quartileOfOthers(own: Float64Array, all: Float64Array): number | undefined {
  const others = all.length - own.length;
  if (others < FEWEST_TASKS) {
    return undefined;
  }
  const rank = Math.floor((others - 1) * SMALL_SHARE);
  let low = 0;
  let high = all.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const lines = all[middle] ?? 0;
    if (countUpTo(all, lines) - countUpTo(own, lines) > rank) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return Math.max(LEAST_FULL_UNIT_LINES, all[low] ?? 0);
}
