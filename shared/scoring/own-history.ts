import type { UserPseudonym } from "../usage/usage-event.ts";
import { quantileOfSorted } from "./order-statistics.ts";

export type OwnUnit = {
  readonly user: UserPseudonym;
  readonly week: number;
  /** Whether it is kept out of what is usual for the person; not by default. */
  readonly isFrozen?: boolean;
};

const WEEKS_BACK = 9;
/** Weeks below which a person has no usual of their own. */
export const FEWEST_OWN_WEEKS = 3;
const SHRINKAGE = 2;

/**
 * The median of a person's own values in the nine weeks before each unit, shrunk towards zero for
 * few; `undefined` with fewer than three.
 */
export function ownUsual(
  units: readonly OwnUnit[],
  values: readonly number[],
): readonly (number | undefined)[] {
  return ownMedians(units, values).map((own) =>
    own === undefined ? undefined : (own.median * own.weeks) / (own.weeks + SHRINKAGE),
  );
}

/** The same median as it is, for display, and of how many weeks it is. */
export function ownMedians(
  units: readonly OwnUnit[],
  values: readonly number[],
): readonly (OwnMedian | undefined)[] {
  const medians: (OwnMedian | undefined)[] = new Array(units.length).fill(undefined);
  for (const own of Map.groupBy(units.keys(), (at) => units[at]?.user).values()) {
    for (const at of own) {
      const before = sortedPast(units, values, own, units[at]?.week ?? 0);
      if (before.length >= FEWEST_OWN_WEEKS) {
        medians[at] = { median: quantileOfSorted(before, 0.5), weeks: before.length };
      }
    }
  }
  return medians;
}

type OwnMedian = { readonly median: number; readonly weeks: number };

/** A handful of values, for each person's week and each signal: sorted as they come. */
function sortedPast(
  units: readonly OwnUnit[],
  values: readonly number[],
  own: readonly number[],
  week: number,
): readonly number[] {
  const sorted: number[] = [];
  for (const at of own) {
    const unit = units[at];
    if (unit !== undefined && countsAsUsual(unit) && isRecentPast(unit.week, week)) {
      insertSorted(sorted, values[at] ?? 0);
    }
  }
  return sorted;
}

function insertSorted(sorted: number[], value: number): void {
  let at = sorted.length;
  for (; at > 0 && (sorted[at - 1] ?? 0) > value; at--) {
    sorted[at] = sorted[at - 1] ?? 0;
  }
  sorted[at] = value;
}

/** Whether a person's later weeks are compared with it. */
export function countsAsUsual({ isFrozen }: Pick<OwnUnit, "isFrozen">): boolean {
  return isFrozen !== true;
}

/** Whether a week is one of those that a later one is compared with. */
export function isRecentPast(week: number, later: number): boolean {
  return week < later && week >= later - WEEKS_BACK;
}
