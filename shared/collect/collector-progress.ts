import * as z from "zod";
import { addDays, dayOf } from "../ledger/calendar.ts";
import type { Day } from "../ledger/roll-ups.ts";
import type { CollectTask, DaySpan } from "./collector-source.ts";

/** Providers correct their figures for days. So long every day is read again. */
const REREAD_DAYS = 3;
/** How far back a new collector begins. */
const FIRST_DAYS = 30;

const Task = z.object({
  step: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  page: z.string().exactOptional(),
});

/**
 * How far a collector is. Stored after what it covers, never before: a run that dies reads again
 * what it may have stored already.
 */
export const CollectorProgress = z.object({
  /** The day up to which all was read; that day itself was not over. */
  readUntil: z.iso.date().exactOptional(),
  /** What an unfinished run left to do, to have read until that day. */
  unfinished: z.object({ until: z.iso.date(), tasks: z.array(Task) }).exactOptional(),
});
export type CollectorProgress = z.infer<typeof CollectorProgress>;

/** The days that a run has to read: what is new, and the last days again. */
export function daysToRead(
  { readUntil }: CollectorProgress,
  since: Day | undefined,
  nowMs: number,
): DaySpan {
  const today = dayOf(nowMs);
  const first = since ?? addDays(today, -FIRST_DAYS);
  const from = readUntil === undefined ? first : addDays(readUntil, -REREAD_DAYS);
  return { from: since !== undefined && from < since ? since : from, to: addDays(today, 1) };
}

/** Tasks as they may be kept: one that cannot be kept is begun again at its origin. */
export function tasksToKeep(tasks: readonly CollectTask[]): CollectorTasks {
  const kept = tasks.map(({ origin, ...task }) => {
    const { step, from, to, page } = origin ?? task;
    return { step, from, to, ...(page === undefined ? {} : { page }) };
  });
  return [...new Map(kept.map((task) => [JSON.stringify(task), task])).values()];
}

type CollectorTasks = NonNullable<CollectorProgress["unfinished"]>["tasks"];
