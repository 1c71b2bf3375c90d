import { addDays, daysBetween } from "../ledger/calendar.ts";
import type { Day } from "../ledger/roll-ups.ts";
import { type AlertUnit, aboutWhom } from "./alert.ts";

type Period = { readonly from: Day; readonly to: Day };

const NUMBER_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven"];

/** The last day that belongs to a window; people read periods with both ends included. */
export function lastDay(unit: Pick<Period, "to">): Day {
  return addDays(unit.to, -1);
}

/** `seven days` */
export function windowLength(unit: Period): string {
  const days = daysBetween(unit.from, unit.to).length;
  return `${NUMBER_WORDS[days] ?? days} ${days === 1 ? "day" : "days"}`;
}

/** What messages about the same thing have in common: keeps them in one chat thread. */
export function unitKey(unit: AlertUnit): string {
  switch (unit.kind) {
    case "session":
      return `session-${unit.user}-${unit.session}`;
    case "user-day":
      return `day-${unit.user}-${unit.day}`;
    default:
      return `window-${aboutWhom(unit)}-${unit.from}`;
  }
}

/** The days that a unit is about, `[from, to)`. */
export function periodOf(unit: AlertUnit): Period {
  return "from" in unit ? unit : { from: unit.day, to: addDays(unit.day, 1) };
}
