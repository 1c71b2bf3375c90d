import { quantileOfSorted, sortFirst } from "../order-statistics.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

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

export type OwnPast = {
  /** The median of a person's own values in the nine weeks before a unit, if there are three at least. */
  readonly medianAt: (values: ArrayLike<number>, at: number) => number | undefined;
  /** The same of every unit, shrunk towards zero for few weeks; `NaN` with fewer than three. */
  readonly usual: (values: ArrayLike<number>) => Float64Array;
};

/** @param units Whose past is whose is worked out once, for any number of values. */
export function ownPast(units: readonly OwnUnit[]): OwnPast {
  const { positions, from, to, longest } = pasts(units);
  const own = new Float64Array(longest);
  const weeksOf = (at: number) => (to[at] ?? 0) - (from[at] ?? 0);
  const medianAt = (values: ArrayLike<number>, at: number) => {
    const first = from[at] ?? 0;
    const weeks = weeksOf(at);
    if (weeks < FEWEST_OWN_WEEKS) {
      return undefined;
    }
    for (let index = 0; index < weeks; index++) {
      own[index] = values[positions[first + index] ?? 0] ?? 0;
    }
    sortFirst(own, weeks);
    return quantileOfSorted(own, 0.5, weeks);
  };
  return {
    medianAt,
    usual: (values) => {
      const usual = new Float64Array(units.length);
      for (let at = 0; at < usual.length; at++) {
        const weeks = weeksOf(at);
        usual[at] = ((medianAt(values, at) ?? Number.NaN) * weeks) / (weeks + SHRINKAGE);
      }
      return usual;
    },
  };
}

/**
 * Positions of the weeks that are usual for somebody, person by person in order of time, and for each
 * unit where in them its past begins and ends.
 */
function pasts(units: readonly OwnUnit[]) {
  const weekOf = (at: number | undefined) => units[at ?? -1]?.week ?? 0;
  const from = new Int32Array(units.length);
  const to = new Int32Array(units.length);
  let longest = 0;
  const positions: number[] = [];
  for (const own of Map.groupBy(units.keys(), (at) => units[at]?.user).values()) {
    let first = positions.length;
    let last = first;
    own.sort((a, b) => weekOf(a) - weekOf(b));
    positions.push(...own.filter((at) => countsAsUsual(units[at] ?? {})));
    for (const at of own) {
      const week = weekOf(at);
      last = indexFrom(last, (index) => weekOf(positions[index]) < week, positions.length);
      first = indexFrom(first, (index) => !isRecentPast(weekOf(positions[index]), week), last);
      from[at] = first;
      to[at] = last;
      longest = Math.max(longest, last - first);
    }
  }
  return { positions, from, to, longest };
}

/** The first index of which it does not hold, up to `end`. */
function indexFrom(start: number, holds: (index: number) => boolean, end: number): number {
  let index = start;
  while (index < end && holds(index)) {
    index += 1;
  }
  return index;
}

/** Whether a person's later weeks are compared with it. */
export function countsAsUsual({ isFrozen }: Pick<OwnUnit, "isFrozen">): boolean {
  return isFrozen !== true;
}

/** Whether a week is one of those that a later one is compared with. */
export function isRecentPast(week: number, later: number): boolean {
  return week < later && week >= later - WEEKS_BACK;
}
