import type { Day } from "../ledger/roll-ups.ts";
import { median } from "./order-statistics.ts";
import type { PersonDay } from "./person-day.ts";
import { trailingUsual } from "./trailing-usual.ts";

/** How far a person's day is above what is usual for them. */
export type SpendDayScore = {
  readonly unit: PersonDay;
  /** Sum of two standardised distances, of spend and of spend for a session; not a p-value. */
  readonly score: number;
  /** Spend that was usual for the person on such a day, as everybody spent that day. */
  readonly usualUsd: number;
  /** Usual spend of one session, likewise. */
  readonly usualSessionUsd: number;
  readonly spendZ: number;
  readonly sessionZ: number;
};

const ACTIVE_DAYS = 40;
/** Active days below which a person has no usual day. */
export const FEWEST_ACTIVE_DAYS = 5;
const MEDIAN_SHRINKAGE = 3;
const SCALE_SHRINKAGE = 15;
const DAY_SHRINKAGE = 4;
const FEWEST_WEEKEND_DAYS = 20;
/** Keeps a fixed daily job from making a cent a deviation. */
const SMALLEST_SCALE = 0.02;

/**
 * Scores person-days by their spend alone: the logarithm above the median of the person's last 40
 * active days, in units of their own spread, both shrunk towards everybody's; less what all share on
 * that day. The same of spend for one session, and the sum of the two, which ranks better than either.
 *
 * @param days By person and day.
 * @returns In that order, without days of persons who have fewer than five active days before.
 */
export function spendDayScores(days: readonly PersonDay[]): readonly SpendDayScore[] {
  if (days.length === 0) {
    return [];
  }
  const spend = aboveUsual(days, ({ costUsd }) => costUsd);
  const session = aboveUsual(days, ({ costUsd, sessions }) => costUsd / sessions);
  return days.flatMap((unit, at) => {
    const [whole, one] = [spend[at], session[at]];
    return whole === undefined || one === undefined
      ? []
      : [
          {
            unit,
            score: whole.z + one.z,
            usualUsd: whole.usual,
            usualSessionUsd: one.usual,
            spendZ: whole.z,
            sessionZ: one.z,
          },
        ];
  });
}

type AboveUsual = { readonly z: number; readonly usual: number };

function aboveUsual(
  days: readonly PersonDay[],
  measure: (day: PersonDay) => number,
): readonly (AboveUsual | undefined)[] {
  const logs = days.map((day) => Math.log(measure(day)));
  const offset = weekendOffset(days, logs);
  const values = logs.map((log, at) => (days[at]?.isWeekend ? log - offset : log));
  const usual = [...Map.groupBy(days.keys(), (at) => days[at]?.user).values()].flatMap((own) =>
    trailingUsual(
      own.map((at) => values[at] ?? 0),
      { length: ACTIVE_DAYS, fewest: FEWEST_ACTIVE_DAYS },
    ),
  );
  const everybody = { median: median(values), scale: pooledScale(usual) };
  const distances = usual.map((own, at) => {
    if (own === undefined) {
      return undefined;
    }
    const centre = shrunk(own.median, own.count, everybody.median, MEDIAN_SHRINKAGE);
    const scale = shrunk(own.scale, own.count, everybody.scale, SCALE_SHRINKAGE);
    return { centre, scale, z: ((values[at] ?? 0) - centre) / scale };
  });
  const shared = sharedByDay(days, distances);
  return distances.map((distance, at) => {
    const day = days[at];
    if (distance === undefined || day === undefined) {
      return undefined;
    }
    const { centre, scale, z } = distance;
    const common = shared.get(day.day) ?? 0;
    const log = centre + common * scale + (day.isWeekend ? offset : 0);
    return { z: z - common, usual: Math.exp(log) };
  });
}

/** What a weekend day is in the logarithm of a person's median day; 0 while there are few. */
function weekendOffset(days: readonly PersonDay[], logs: readonly number[]): number {
  const byPerson = Map.groupBy(days.keys(), (at) => days[at]?.user);
  const offsets = [...byPerson.values()].flatMap((own) => {
    const weekdays = own.filter((at) => days[at]?.isWeekend === false).map((at) => logs[at] ?? 0);
    const centre = weekdays.length > 0 ? median(weekdays) : undefined;
    return centre === undefined
      ? []
      : own.filter((at) => days[at]?.isWeekend).map((at) => (logs[at] ?? 0) - centre);
  });
  return offsets.length < FEWEST_WEEKEND_DAYS ? 0 : median(offsets);
}

function pooledScale(usual: readonly ({ readonly scale: number } | undefined)[]): number {
  const scales = usual.flatMap((own) => (own === undefined ? [] : [own.scale]));
  return Math.max(SMALLEST_SCALE, scales.length > 0 ? median(scales) : 0);
}

function shrunk(own: number, count: number, everybody: number, weight: number): number {
  return (own * count + everybody * weight) / (count + weight);
}

/** The median distance of each day, shrunk towards 0 for few people. */
function sharedByDay(
  days: readonly PersonDay[],
  distances: readonly ({ readonly z: number } | undefined)[],
): ReadonlyMap<Day, number> {
  const byDay = Map.groupBy(
    distances.flatMap((distance, at) => {
      const day = days[at]?.day;
      return distance === undefined || day === undefined ? [] : [{ day, z: distance.z }];
    }),
    ({ day }) => day,
  );
  return new Map(
    [...byDay].map(([day, all]) => [
      day,
      (median(all.map(({ z }) => z)) * all.length) / (all.length + DAY_SHRINKAGE),
    ]),
  );
}
