import type { Day, Month } from "./roll-ups.ts";

export const DAY_MS = 86_400_000;

/** The UTC day of a time. */
export function dayOf(timeMs: number): Day {
  return new Date(timeMs).toISOString().slice(0, 10);
}

export function monthOf(day: Day): Month {
  return day.slice(0, 7);
}

/** Milliseconds since 1970 of the first instant of a UTC day. */
export function startOfDay(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

export function addDays(day: Day, days: number): Day {
  return dayOf(startOfDay(day) + days * DAY_MS);
}

/** The days of `[from, to)`. */
export function daysBetween(from: Day, to: Day): readonly Day[] {
  const days: Day[] = [];
  for (let at = startOfDay(from); at < startOfDay(to); at += DAY_MS) {
    days.push(dayOf(at));
  }
  return days;
}

/** The months that `[from, to)` touches. */
export function monthsBetween(from: Day, to: Day): readonly Month[] {
  return [...new Set(daysBetween(from, to).map(monthOf))];
}

/** A month as the period `[from, to)` of its days. */
export function periodOfMonth(month: Month): { readonly from: Day; readonly to: Day } {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return { from: `${month}-01`, to: dayOf(Date.UTC(year, number, 1)) };
}
