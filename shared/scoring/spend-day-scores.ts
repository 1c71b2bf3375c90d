import type { Day } from "../ledger/roll-ups.ts";
import { median, quantileInPlace } from "../order-statistics.ts";
import { pushTo } from "../outcomes/outcome-index.ts";
import { columnOf } from "./column.ts";
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
const FEWEST_ACTIVE_DAYS = 5;
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
  const ofPeople = [...Map.groupBy(days.keys(), (at) => days[at]?.user).values()];
  const spend = aboveUsual(days, ofPeople, ({ costUsd }) => costUsd);
  const session = aboveUsual(days, ofPeople, ({ costUsd, sessions }) => costUsd / sessions);
  return days.flatMap((unit, at) => {
    const [spendZ, sessionZ] = [spend.z[at] ?? Number.NaN, session.z[at] ?? Number.NaN];
    return Number.isNaN(spendZ) || Number.isNaN(sessionZ)
      ? []
      : {
          unit,
          score: spendZ + sessionZ,
          usualUsd: spend.usual[at] ?? 0,
          usualSessionUsd: session.usual[at] ?? 0,
          spendZ,
          sessionZ,
        };
  });
}

/** Positions of the days of one person. */
type OwnDays = readonly number[];

/** Of each day, how far it is above what is usual, and what that is; `NaN` while nothing is known to be. */
type AboveUsual = { readonly z: Float64Array; readonly usual: Float64Array };

function aboveUsual(
  days: readonly PersonDay[],
  ofPeople: readonly OwnDays[],
  measure: (day: PersonDay) => number,
): AboveUsual {
  const values = columnOf(days, (day) => Math.log(measure(day)));
  const offset = weekendOffset(days, ofPeople, values);
  for (let at = 0; at < days.length; at++) {
    values[at] = (values[at] ?? 0) - (days[at]?.isWeekend ? offset : 0);
  }
  const { centres, scales } = ownUsual(ofPeople, values);
  const z = values.map((value, at) => (value - (centres[at] ?? 0)) / (scales[at] ?? 0));
  const shared = sharedByDay(days, z);
  const commonOf = ({ day }: PersonDay) => shared.get(day) ?? 0;
  return {
    z: columnOf(days, (day, at) => (z[at] ?? 0) - commonOf(day)),
    usual: columnOf(days, (day, at) =>
      Math.exp(
        (centres[at] ?? 0) + commonOf(day) * (scales[at] ?? 0) + (day.isWeekend ? offset : 0),
      ),
    ),
  };
}

/** What is usual for the person of each day, shrunk towards everybody; `NaN` with too few days before. */
function ownUsual(ofPeople: readonly OwnDays[], values: Float64Array) {
  const centres = new Float64Array(values.length);
  const scales = new Float64Array(values.length);
  for (const own of ofPeople) {
    const usual = trailingUsual(
      columnOf(own, (at) => values[at] ?? 0),
      { length: ACTIVE_DAYS, fewest: FEWEST_ACTIVE_DAYS },
    );
    for (const [index, at] of own.entries()) {
      centres[at] = usual.medians[index] ?? Number.NaN;
      scales[at] = usual.scales[index] ?? Number.NaN;
    }
  }
  const everybody = { median: median(values), scale: pooledScale(scales) };
  for (const own of ofPeople) {
    for (const [index, at] of own.entries()) {
      const count = Math.min(index, ACTIVE_DAYS);
      centres[at] = shrunk(centres[at] ?? 0, count, everybody.median, MEDIAN_SHRINKAGE);
      scales[at] = shrunk(scales[at] ?? 0, count, everybody.scale, SCALE_SHRINKAGE);
    }
  }
  return { centres, scales };
}

/** What a weekend day is in the logarithm of a person's median day; 0 while there are few. */
function weekendOffset(
  days: readonly PersonDay[],
  ofPeople: readonly OwnDays[],
  logs: Float64Array,
): number {
  const logsOf = (own: OwnDays, isWeekend: boolean) =>
    own.filter((at) => days[at]?.isWeekend === isWeekend).map((at) => logs[at] ?? 0);
  const offsets = ofPeople.flatMap((own) => {
    const weekdays = logsOf(own, false);
    const centre = weekdays.length > 0 ? median(weekdays) : undefined;
    return centre === undefined ? [] : logsOf(own, true).map((log) => log - centre);
  });
  return offsets.length < FEWEST_WEEKEND_DAYS ? 0 : median(offsets);
}

function pooledScale(scales: Float64Array): number {
  const known = new Float64Array(scales.length);
  let count = 0;
  for (const scale of scales) {
    if (!Number.isNaN(scale)) {
      known[count] = scale;
      count += 1;
    }
  }
  return Math.max(SMALLEST_SCALE, count > 0 ? quantileInPlace(known, 0.5, count) : 0);
}

function shrunk(own: number, count: number, everybody: number, weight: number): number {
  return (own * count + everybody * weight) / (count + weight);
}

/** The median distance of each day, shrunk towards 0 for few people. */
function sharedByDay(days: readonly PersonDay[], z: Float64Array): ReadonlyMap<Day, number> {
  const byDay = new Map<Day, number[]>();
  let at = 0;
  for (const { day } of days) {
    const distance = z[at] ?? Number.NaN;
    if (!Number.isNaN(distance)) {
      pushTo(byDay, day, distance);
    }
    at += 1;
  }
  return new Map(
    [...byDay].map(([day, all]) => [
      day,
      (median(all) * all.length) / (all.length + DAY_SHRINKAGE),
    ]),
  );
}
