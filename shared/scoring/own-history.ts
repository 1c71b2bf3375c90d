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
): (values: readonly number[]) => readonly (number | undefined)[] {
  const mediansOf = ownMedians(units);
  return (values) =>
    mediansOf(values).map((own) =>
      own === undefined ? undefined : (own.median * own.weeks) / (own.weeks + SHRINKAGE),
    );
}

type OwnMedian = { readonly median: number; readonly weeks: number };

/**
 * The same median as it is, for display, and of how many weeks it is.
 *
 * @param units Whose past is whose is worked out once, for any number of values.
 */
export function ownMedians(
  units: readonly OwnUnit[],
): (values: readonly number[]) => readonly (OwnMedian | undefined)[] {
  const pasts = ownPasts(units);
  return (values) =>
    pasts.map((past) =>
      past === undefined
        ? undefined
        : { median: quantileOfSorted(sortedAt(values, past), 0.5), weeks: past.length },
    );
}

/** Positions of the weeks that each unit is compared with, where there are enough. */
function ownPasts(units: readonly OwnUnit[]): readonly (readonly number[] | undefined)[] {
  const pasts: (readonly number[] | undefined)[] = new Array(units.length).fill(undefined);
  for (const own of Map.groupBy(units.keys(), (at) => units[at]?.user).values()) {
    const usual = own.filter((at) => countsAsUsual(units[at] ?? {}));
    for (const at of own) {
      const week = units[at]?.week ?? 0;
      const past = usual.filter((other) => isRecentPast(units[other]?.week ?? week, week));
      pasts[at] = past.length < FEWEST_OWN_WEEKS ? undefined : past;
    }
  }
  return pasts;
}

/** A handful of values, for each person's week and each signal: sorted as they come. */
function sortedAt(values: readonly number[], positions: readonly number[]): readonly number[] {
  const sorted: number[] = [];
  for (const at of positions) {
    insertSorted(sorted, values[at] ?? 0);
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
