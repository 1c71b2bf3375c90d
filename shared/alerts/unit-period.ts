import { addDays, daysBetween } from "../ledger/calendar.ts";
import type { AlertUnit } from "./alert.ts";

type UserWindow = Extract<AlertUnit, { kind: "user-window" }>;

const NUMBER_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven"];

/** The last day that belongs to a window; people read periods with both ends included. */
export function lastDay(unit: UserWindow): string {
  return addDays(unit.to, -1);
}

/** `seven days` */
export function windowLength(unit: UserWindow): string {
  const days = daysBetween(unit.from, unit.to).length;
  return `${NUMBER_WORDS[days] ?? days} ${days === 1 ? "day" : "days"}`;
}

/** What messages about the same thing have in common: keeps them in one chat thread. */
export function unitKey(unit: AlertUnit): string {
  return unit.kind === "session"
    ? `session-${unit.user}-${unit.session}`
    : `window-${unit.user}-${unit.from}`;
}
