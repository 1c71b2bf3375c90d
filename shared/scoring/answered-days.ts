import type { AlertUnit } from "../alerts/alert.ts";
import type { Answer } from "../alerts/alert-answer.ts";
import type { AlertCase } from "../alerts/alert-case.ts";
import { periodOf } from "../alerts/unit-period.ts";
import { DAY_MS, startOfDay } from "../ledger/calendar.ts";
import type { Day } from "../ledger/roll-ups.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import type { UserWindow, WindowLearning } from "./user-windows.ts";

/** What an answer makes of a person's days `[from, to)` for the nights that learn from them. */
export type AnsweredDays = {
  readonly user: UserPseudonym;
  readonly from: Day;
  readonly to: Day;
  /** `unanswered`: an alert is open, so they are kept out of what is usual for the person. */
  readonly learning: WindowLearning | "unanswered";
};

const LEARNING = {
  waste: "left-out",
  "wrong-data": "left-out",
  expected: "vouched-for",
  planned: "vouched-for",
} as const satisfies Record<Answer, WindowLearning>;

/** Windows of other nights begin on other weekdays: this many of seven days make one the same week. */
const MOST_OF_A_WEEK = 4;

/**
 * What owners' answers say of people's days. A day or a session that was waste spoils the week around it;
 * one that was expected says nothing of the rest of its week. A team's answer says nothing of a person.
 */
export function answeredDays(
  cases: readonly AlertCase[],
  personOf: (user: UserPseudonym) => UserPseudonym,
): readonly AnsweredDays[] {
  return cases.flatMap(({ alert: { unit }, answers }) => {
    if (answers === undefined || unit.kind === "team-window") {
      return [];
    }
    const learning = LEARNING[answers.last.answer];
    return speaksOf(unit, learning)
      ? [{ user: personOf(unit.user), ...daysOf(unit), learning }]
      : [];
  });
}

function speaksOf(unit: AlertUnit, learning: WindowLearning): boolean {
  return learning === "left-out" || unit.kind === "user-window";
}

function daysOf(unit: AlertUnit): { readonly from: Day; readonly to: Day } {
  const { from, to } = periodOf(unit);
  return { from, to };
}

type PersonWindow = Pick<UserWindow, "user" | "window" | "learning" | "isFrozen">;

/**
 * The same windows, each with what answers say of it. A window is left out if it shares a day with such
 * days, as nobody knows on which of them the money went; it is vouched for if it shares most of its own.
 * What is left out, and what nobody has answered yet, is not usual for the person either.
 */
export function withAnsweredDays<Unit extends PersonWindow>(
  units: readonly Unit[],
  answered: readonly AnsweredDays[],
): readonly Unit[] {
  if (answered.length === 0) {
    return units;
  }
  const byUser = Map.groupBy(answered, ({ user }) => user);
  return units.map((unit) => {
    const said = byUser.get(unit.user);
    return said === undefined ? unit : { ...unit, ...standingOf(unit, said) };
  });
}

function standingOf(
  { window }: PersonWindow,
  answered: readonly AnsweredDays[],
): Pick<UserWindow, "learning" | "isFrozen"> {
  const says = (learning: AnsweredDays["learning"], fewestDays: number) =>
    answered.some((days) => days.learning === learning && sharedDays(days, window) >= fewestDays);
  if (says("left-out", 1)) {
    return { learning: "left-out", isFrozen: true };
  }
  if (says("vouched-for", MOST_OF_A_WEEK)) {
    return { learning: "vouched-for" };
  }
  return says("unanswered", 1) ? { isFrozen: true } : {};
}

type Period = { readonly from: Day; readonly to: Day };

function sharedDays(a: Period, b: Period): number {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return Math.max(0, startOfDay(to) - startOfDay(from)) / DAY_MS;
}
