import { addDays } from "../../../../shared/ledger/calendar.ts";
import type { Day } from "../../../../shared/ledger/roll-ups.ts";
import type { Contestant } from "../contestant.ts";
import { deviation, mean, median } from "../measures/order-statistics.ts";
import { judgeDays, type Spend, spendByDay } from "./daily-rules.ts";

const TEAM_Z = 2.5;
const FEWEST_PEOPLE = 5;
const OWN_FACTOR = 5;
const CYCLE_FACTOR = 10;
const CYCLE_DAYS = 30;
const FLOOR_USD = 50;

/** What the rules look at, for one person and day. */
export type CursorDay = {
  readonly usd: number;
  /** Of everyone with spend that day. */
  readonly others: readonly number[];
  /** Own days of the seven before, days off as zero. */
  readonly ownBefore: readonly number[];
  readonly cycleUsd: number;
  readonly teamCycleMedian: number;
};

/**
 * The published rules of cursor-usage-tracker (ofershap, MIT), in our own words: z above 2.5 over the
 * day of the whole account, or five times the own mean of seven days, both from $50 a day on; or ten
 * times the account's median over a cycle, here the 30 days until then.
 */
export function cursorScore(day: CursorDay, floorUsd: number): number {
  const isLarge = day.usd >= floorUsd;
  const z =
    day.others.length >= FEWEST_PEOPLE
      ? (day.usd - mean(day.others)) / Math.max(deviation(day.others), 0.01)
      : 0;
  const own = mean(day.ownBefore);
  const ownFactor = own > 0 ? day.usd / own : 0;
  const cycle = day.teamCycleMedian > 0 ? day.cycleUsd / day.teamCycleMedian : 0;
  return Math.max(
    isLarge ? z / TEAM_Z : 0,
    isLarge ? ownFactor / OWN_FACTOR : 0,
    cycle / CYCLE_FACTOR,
  );
}

export const cursorUsageTracker = tracker("cursor-usage-tracker", FLOOR_USD);
export const cursorWithoutFloor = tracker("the same without its $50 floor", 0);

function tracker(name: string, floorUsd: number): Contestant {
  return {
    name,
    judge: (organisation) => {
      const spend = spendByDay(organisation);
      const accountOf = remembered((day) => account(spend, day));
      return judgeDays(organisation, spend, (user, day) => {
        const { others, cycles, teamCycleMedian } = accountOf(day);
        const own = spend.get(user);
        const score = cursorScore(
          {
            usd: own?.get(day) ?? 0,
            others,
            ownBefore: Array.from({ length: 7 }, (_, at) => own?.get(addDays(day, -at - 1)) ?? 0),
            cycleUsd: cycles.get(user) ?? 0,
            teamCycleMedian,
          },
          floorUsd,
        );
        return { score, isFlagged: score > 1 };
      });
    },
  };
}

function account(spend: Spend, day: Day) {
  const days = Array.from({ length: CYCLE_DAYS }, (_, at) => addDays(day, -at));
  const cycles = new Map(
    [...spend].map(([user, own]) => [
      user,
      days.reduce((sum, each) => sum + (own.get(each) ?? 0), 0),
    ]),
  );
  return {
    others: [...spend.values()].flatMap((own) => own.get(day) ?? []),
    cycles,
    teamCycleMedian: median([...cycles.values()].filter((usd) => usd > 0)),
  };
}

function remembered<Value>(of: (day: Day) => Value): (day: Day) => Value {
  const known = new Map<Day, Value>();
  return (day) => {
    const value = known.get(day) ?? of(day);
    known.set(day, value);
    return value;
  };
}
