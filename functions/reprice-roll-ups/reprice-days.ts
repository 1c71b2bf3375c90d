import type { NamesOf } from "../../shared/directory/names-of-person.ts";
import { addDays, daysBetween } from "../../shared/ledger/calendar.ts";
import { foldVersion, namesVersion } from "../../shared/ledger/fold-user-day.ts";
import type { RepricedDay } from "../../shared/ledger/price-differences.ts";
import type { Day, SessionDay, UserDay } from "../../shared/ledger/roll-ups.ts";
import { sumNanoUsd } from "../../shared/money/nano-usd.ts";
import type { RollUps } from "../../shared/ports/insights.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import { inParallel } from "../adapters/in-parallel.ts";
import { type RecomputeDeps, recomputeDay } from "../roll-up/recompute-day.ts";

export type RepriceDeps = Omit<RecomputeDeps, "rollUps"> & {
  readonly rollUps: RecomputeDeps["rollUps"] & Pick<RollUps, "readBetween">;
  /** What the directory knows of names, as of now. */
  readonly namesOf: () => Promise<NamesOf>;
};

export type RepriceOptions = {
  /** Days `[from, to)`. */
  readonly from: Day;
  readonly to: Day;
  /** Also what the same prices have priced, of the same names: whatever is stored is worked out again. */
  readonly all: boolean;
  /** Asked before each day: whether there is time for it. */
  readonly hasTime?: () => boolean;
};

export type Repriced = {
  /** Person's days that were worked out again. */
  readonly days: readonly RepricedDay[];
  /** Those that could not be; the others are done. */
  readonly failed: readonly { readonly day: Day; readonly error: unknown }[];
  /** The newest day that there was no time for: it and all before it are as they were. */
  readonly leftFrom?: Day;
};

const DAYS_AT_ONCE = 8;

/**
 * Works the roll-ups of a period out again by the prices of today, and by the names that the directory
 * knows today, the newest day first. It writes by the same rules as the stream does, so both can run at
 * once, and twice is as good as once. The ledger is only read.
 */
export async function repriceDays(deps: RepriceDeps, options: RepriceOptions): Promise<Repriced> {
  const staleOn = staleDays(deps, options.all, await deps.namesOf());
  const days: RepricedDay[] = [];
  const failed: { readonly day: Day; readonly error: unknown }[] = [];
  let later: readonly StaleDay[] = [];
  let own = await staleOn(addDays(options.to, -1));
  for (const day of daysBetween(options.from, options.to).toReversed()) {
    if (options.hasTime?.() === false) {
      return { days, failed, leftFrom: day };
    }
    const earlier = await staleOn(addDays(day, -1));
    // Who has other names on a day can have other calls on the days beside it.
    const beside = [...later, ...earlier].filter(({ hasNames }) => hasNames);
    const people = new Map([...own, ...beside].map(({ names }) => [names[0], names]));
    for (const result of await inParallel([...people.values()], DAYS_AT_ONCE, (names) =>
      reprice(deps, names, day),
    )) {
      if ("error" in result) {
        failed.push({ day, error: result.error });
      } else {
        days.push(...result);
      }
    }
    [later, own] = [own, earlier];
  }
  return { days, failed };
}

/** A person's day that has to be worked out again. */
type StaleDay = {
  readonly names: readonly UserPseudonym[];
  /** The person has several names, or had when the day was stored. */
  readonly hasNames: boolean;
};

/** @param all Whether every day that is stored counts as one of them. */
function staleDays(deps: RepriceDeps, all: boolean, namesOf: NamesOf) {
  const version = foldVersion(deps);
  const isCurrent = (names: readonly UserPseudonym[], stored: readonly UserDay[]) =>
    stored.every(
      (each) =>
        each.version.priceBook === version &&
        each.version.names === namesVersion(names).names &&
        // All names of a day rest on the same entries, unless a recomputation ended half-way.
        each.version.entries === stored[0]?.version.entries,
    );
  return async (day: Day): Promise<readonly StaleDay[]> => {
    const { userDays, sessionDays } = await deps.rollUps.readBetween(day, addDays(day, 1));
    const sessionsOf = Map.groupBy(sessionDays, ({ user }) => user);
    const isWhole = (each: UserDay) => addsUp(each, sessionsOf.get(each.user) ?? []);
    return [...Map.groupBy(userDays, ({ user }) => namesOf(user))]
      .filter(([names, stored]) => all || !isCurrent(names, stored) || !stored.every(isWhole))
      .map(([names, stored]) => ({
        names,
        hasNames: names.length > 1 || stored.some((each) => each.version.names !== undefined),
      }));
  };
}

/** Whether the sessions of a day come to what the day does; not, if a recomputation ended in between. */
function addsUp({ calls, costNanoUsd }: UserDay, sessions: readonly SessionDay[]): boolean {
  return (
    calls === sessions.reduce((sum, session) => sum + session.calls, 0) &&
    costNanoUsd === sumNanoUsd(sessions.map((session) => session.costNanoUsd))
  );
}

async function reprice(
  deps: RepriceDeps,
  names: readonly UserPseudonym[],
  day: Day,
): Promise<readonly RepricedDay[] | { readonly error: unknown }> {
  try {
    return await recomputeDay(deps, names, day);
  } catch (error) {
    return { error };
  }
}

/** Roll-ups that are read and never written: to see a difference before it is made. */
export function unwritten(rollUps: RepriceDeps["rollUps"]): RepriceDeps["rollUps"] {
  return {
    ...rollUps,
    putUserDay: () => Promise.resolve(true),
    putSessionDay: () => Promise.resolve(),
    removeSessionDay: () => Promise.resolve(),
  };
}
