import { addDays, dayOf, daysBetween, startOfDay } from "../ledger/calendar.ts";
import type { Day } from "../ledger/roll-ups.ts";
import { EARLIEST_TIME_MS } from "../usage/field-limits.ts";
import type { CollectTask, DaySpan } from "./collector-source.ts";

/** A task for each day. */
export function dayTasks(step: string, { from, to }: DaySpan): readonly CollectTask[] {
  return daysBetween(from, to).map((day) => ({ step, from: day, to: addDays(day, 1) }));
}

/** Tasks for spans of at most so many days. */
export function spanTasks(
  step: string,
  { from, to }: DaySpan,
  mostDays: number,
): readonly CollectTask[] {
  const tasks: CollectTask[] = [];
  for (let start = from; start < to; start = addDays(start, mostDays)) {
    const end = addDays(start, mostDays);
    tasks.push({ step, from: start, to: end < to ? end : to });
  }
  return tasks;
}

/** The first instant of a day, as RFC 3339. */
export function rfc3339(day: Day): string {
  return `${day}T00:00:00Z`;
}

/** The first instant of a day, in seconds since 1970. */
export function unixSeconds(day: Day): string {
  return String(startOfDay(day) / 1000);
}

const LATEST_TIME_MS = Date.UTC(9999, 11, 31);

/** The day that a bucket begins, if it is a whole UTC day after 2020. */
export function dayOfBucket(startMs: number): Day | undefined {
  const isTime = startMs >= EARLIEST_TIME_MS && startMs <= LATEST_TIME_MS;
  return isTime && startMs === startOfDay(dayOf(startMs)) ? dayOf(startMs) : undefined;
}
