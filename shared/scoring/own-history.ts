import type { UserPseudonym } from "../usage/usage-event.ts";
import { median } from "./order-statistics.ts";

export type OwnUnit = { readonly user: UserPseudonym; readonly week: number };

const WEEKS_BACK = 9;
const FEWEST_WEEKS = 3;
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
): readonly ({ readonly median: number; readonly weeks: number } | undefined)[] {
  const byUser = Map.groupBy(
    units.map(({ user, week }, at) => ({ user, week, value: values[at] ?? 0 })),
    ({ user }) => user,
  );
  return units.map(({ user, week }) => {
    const before = (byUser.get(user) ?? [])
      .filter((own) => own.week < week && own.week >= week - WEEKS_BACK)
      .map(({ value }) => value);
    return before.length < FEWEST_WEEKS
      ? undefined
      : { median: median(before), weeks: before.length };
  });
}
