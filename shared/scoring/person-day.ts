import type { DirectoryLookup } from "../directory/directory.ts";
import { startOfDay } from "../ledger/calendar.ts";
import type { Day, UserDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, usdForStatistics } from "../money/nano-usd.ts";
import { UNATTRIBUTED, type UserPseudonym } from "../usage/usage-event.ts";
import { isMostlyUnpriced } from "./window-eligibility.ts";

/** What one person spent on one day, under all their pseudonyms. */
export type PersonDay = {
  readonly user: UserPseudonym;
  readonly day: Day;
  readonly isWeekend: boolean;
  readonly costNanoUsd: NanoUsd;
  readonly costUsd: number;
  readonly sessions: number;
};

/**
 * What each person has of some values, under all their pseudonyms, in the order of the values. They
 * are sorted out when first asked for: most nights tell of few people, or of nobody.
 */
export function byPerson<Value extends { readonly user: UserPseudonym }>(
  values: readonly Value[],
  { personOf }: Pick<DirectoryLookup, "personOf">,
): (person: UserPseudonym) => readonly Value[] {
  let groups: ReadonlyMap<UserPseudonym, readonly Value[]> | undefined;
  return (person) => {
    groups ??= Map.groupBy(values, ({ user }) => personOf(user));
    return groups.get(person) ?? [];
  };
}

/**
 * Days on which something was spent that can be compared: somebody's, with a known cost and a
 * session. By person and day, whatever the order of the roll-ups.
 */
export function personDays(
  userDays: readonly UserDay[],
  { personOf }: Pick<DirectoryLookup, "personOf">,
): readonly PersonDay[] {
  const sums = new Map<UserPseudonym, Map<Day, Sums>>();
  for (const value of userDays) {
    const user = personOf(value.user);
    const days = sums.get(user) ?? new Map<Day, Sums>();
    sums.set(user, days.set(value.day, added(days.get(value.day), value)));
  }
  const weekends = new Map([...new Set(userDays.map(({ day }) => day))].map(isWeekendOf));
  return [...sums]
    .filter(([user]) => user !== UNATTRIBUTED)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([user, days]) =>
      [...days]
        .filter(([, sum]) => isComparable(sum))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([day, { costNanoUsd, sessions }]) => ({
          user,
          day,
          isWeekend: weekends.get(day) ?? false,
          costNanoUsd,
          costUsd: usdForStatistics(costNanoUsd),
          sessions,
        })),
    );
}

/** Saturday or Sunday, in UTC. */
export function isWeekend(day: Day): boolean {
  const weekday = new Date(startOfDay(day)).getUTCDay();
  return weekday === 0 || weekday === 6;
}

function isWeekendOf(day: Day): readonly [Day, boolean] {
  return [day, isWeekend(day)];
}

type Sums = Pick<UserDay, "costNanoUsd" | "sessions" | "calls" | "unpricedCalls">;

function added(known: Sums | undefined, value: UserDay): Sums {
  return known === undefined
    ? value
    : {
        costNanoUsd: known.costNanoUsd + value.costNanoUsd,
        sessions: known.sessions + value.sessions,
        calls: known.calls + value.calls,
        unpricedCalls: known.unpricedCalls + value.unpricedCalls,
      };
}

function isComparable(sum: Sums): boolean {
  return sum.costNanoUsd > 0n && sum.sessions > 0 && !isMostlyUnpriced(sum);
}
