import { byPerson } from "../directory/by-person.ts";
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
 * Days on which something was spent that can be compared: somebody's, with a known cost and a
 * session. By person and day, whatever the order of the roll-ups.
 */
export function personDays(
  userDays: readonly UserDay[],
  directory: Pick<DirectoryLookup, "personOf">,
): readonly PersonDay[] {
  const weekends = new Map([...new Set(userDays.map(({ day }) => day))].map(isWeekendOf));
  return [...byPerson(userDays, directory)]
    .filter(([user]) => user !== UNATTRIBUTED)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([user, own]) =>
      [...sumsByDay(own)]
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

function sumsByDay(own: readonly UserDay[]): ReadonlyMap<Day, Sums> {
  const sums = new Map<Day, Sums>();
  for (const value of own) {
    sums.set(value.day, added(sums.get(value.day), value));
  }
  return sums;
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
