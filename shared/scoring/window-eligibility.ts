import { UNATTRIBUTED } from "../usage/usage-event.ts";
import type { UserWindow } from "./user-windows.ts";

/** Why a window has no score. */
export type UnscoredReason =
  /** No cost, or no session or call that it could be put in relation to. */
  | "no-spend"
  /** Most calls have no price, so that the cost is not known. */
  | "unpriced"
  /** Spend that no one is named for. */
  | "unattributed"
  /** Its use case has no outcome that could be counted. */
  | "use-case-not-scored"
  /** Below the spend that an alert is worth. */
  | "below-minimum-spend"
  /** There is not enough history yet to say what is usual. */
  | "learning";

const LARGEST_UNPRICED_SHARE = 0.5;

/** Whether so many calls have no price that the cost says nothing. */
export function isMostlyUnpriced(usage: {
  readonly calls: number;
  readonly unpricedCalls: number;
}): boolean {
  return usage.unpricedCalls > LARGEST_UNPRICED_SHARE * usage.calls;
}

/** Use cases whose work ends in no countable outcome, unless configured. */
export const USE_CASES_NOT_SCORED: readonly string[] = ["research", "on-call", "review"];

/** Why a window can tell nothing, about itself or about what is usual; `undefined` if it can. */
export function notComparable(
  unit: UserWindow,
  useCasesNotScored: readonly string[],
): UnscoredReason | undefined {
  if (unit.user === UNATTRIBUTED) {
    return "unattributed";
  }
  if (useCasesNotScored.includes(unit.useCase)) {
    return "use-case-not-scored";
  }
  if (isMostlyUnpriced(unit)) {
    return "unpriced";
  }
  const hasSpend = unit.costNanoUsd > 0n && unit.sessions > 0 && unit.calls > 0;
  return hasSpend ? undefined : "no-spend";
}
