import type { ChangeSize } from "./outcome-event.ts";

/** Lines past this many full units of one change are not counted. */
export const LARGEST_CHANGE_UNITS = 10;

/** Lines that count: without generated, lock, vendored and whitespace lines. */
export function countedLines(size: ChangeSize): number {
  return Math.max(0, size.additions + size.deletions - size.ignoredLines);
}
