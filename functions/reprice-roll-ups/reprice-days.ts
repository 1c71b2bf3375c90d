import { addDays, daysBetween } from "../../shared/ledger/calendar.ts";
import { foldVersion } from "../../shared/ledger/fold-user-day.ts";
import type { RepricedDay } from "../../shared/ledger/price-differences.ts";
import type { Day, UserDay } from "../../shared/ledger/roll-ups.ts";
import type { RollUps } from "../../shared/ports/insights.ts";
import { inParallel } from "../adapters/in-parallel.ts";
import { type RecomputeDeps, recomputeUserDay } from "../roll-up/recompute-user-day.ts";

export type RepriceDeps = Omit<RecomputeDeps, "rollUps"> & {
  readonly rollUps: RecomputeDeps["rollUps"] & Pick<RollUps, "readBetween">;
};

export type RepriceOptions = {
  /** Days `[from, to)`. */
  readonly from: Day;
  readonly to: Day;
  /** Also what the same prices have priced: whatever is stored is worked out again. */
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

const USER_DAYS_AT_ONCE = 8;

/**
 * Works the roll-ups of a period out again by the prices of today, the newest day first. It writes by
 * the same rules as the stream does, so both can run at once, and twice is as good as once. The ledger
 * is only read.
 */
export async function repriceDays(deps: RepriceDeps, options: RepriceOptions): Promise<Repriced> {
  const version = foldVersion(deps);
  const days: RepricedDay[] = [];
  const failed: { readonly day: Day; readonly error: unknown }[] = [];
  for (const day of daysBetween(options.from, options.to).toReversed()) {
    if (options.hasTime?.() === false) {
      return { days, failed, leftFrom: day };
    }
    const { userDays } = await deps.rollUps.readBetween(day, addDays(day, 1));
    const stale = userDays.filter((each) => options.all || each.version.priceBook !== version);
    for (const result of await inParallel(stale, USER_DAYS_AT_ONCE, (each) =>
      reprice(deps, each),
    )) {
      if ("error" in result) {
        failed.push({ day, error: result.error });
      } else {
        days.push(result);
      }
    }
  }
  return { days, failed };
}

async function reprice(
  deps: RepriceDeps,
  { user, day }: UserDay,
): Promise<RepricedDay | { readonly error: unknown }> {
  try {
    const { before, after } = await recomputeUserDay(deps, user, day);
    return { ...(before && { before }), after };
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
