import { quantile } from "../scoring/order-statistics.ts";
import type { ChangeSize } from "./outcome-event.ts";

/** Lines for a full unit while there are fewer than {@link FEWEST_TASKS} sized tasks to learn from. */
export const DEFAULT_FULL_UNIT_LINES = 20;
const FEWEST_TASKS = 20;
/** Never fewer: a flood of one-line changes must not make one line worth a unit. */
const LEAST_FULL_UNIT_LINES = 10;
/** Lines past this many full units of one change are not counted. */
export const LARGEST_CHANGE_UNITS = 10;

/** Lines that count: without generated, lock, vendored and whitespace lines. */
export function countedLines(size: ChangeSize): number {
  return Math.max(0, size.additions + size.deletions - size.ignoredLines);
}

/**
 * Lines that earn a full unit: the lower quartile of task sizes. Sizes of whole tasks, so that
 * splitting a task into small changes does not lower the bar for it.
 *
 * @param taskLines Counted lines of each task of the history.
 */
export function fullUnitLines(taskLines: readonly number[]): number {
  const sized = taskLines.filter((lines) => lines > 0);
  if (sized.length < FEWEST_TASKS) {
    return DEFAULT_FULL_UNIT_LINES;
  }
  return Math.max(LEAST_FULL_UNIT_LINES, quantile(sized, 0.25));
}
