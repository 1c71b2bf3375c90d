import { dayOf, daysBetween } from "../ledger/calendar.ts";
import type { Day } from "../ledger/roll-ups.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { isJudgedChange } from "./earning.ts";
import { pushTo } from "./outcome-index.ts";
import type { TaskTimeline } from "./task-timeline.ts";

/**
 * What the tasks that each person began to deliver on the days `[from, to)` lack, by their lines, to as
 * many full units. Work cut into tasks that share neither issue, branch, commit nor files has much of it,
 * and so have version bumps; a change in several pull requests of one task has none.
 */
export type SmallTasksByUser = (from: Day, to: Day) => ReadonlyMap<UserPseudonym, number>;

export function smallTasksByUser(tasks: readonly TaskTimeline[]): SmallTasksByUser {
  const byDay = new Map<Day, { readonly user: UserPseudonym; readonly lack: number }[]>();
  for (const { judged, lines, unitLines } of tasks) {
    const first = judged.map(({ node }) => node).find(isJudgedChange);
    const lack = 1 - lines / unitLines;
    if (first !== undefined && lack > 0) {
      pushTo(byDay, dayOf(first.outcome.timeMs), { user: first.outcome.user, lack });
    }
  }
  return (from, to) => {
    const sums = new Map<UserPseudonym, number>();
    for (const { user, lack } of daysBetween(from, to).flatMap((day) => byDay.get(day) ?? [])) {
      sums.set(user, (sums.get(user) ?? 0) + lack);
    }
    return sums;
  };
}
