import { addDays } from "../../../../shared/ledger/calendar.ts";
import type { Day } from "../../../../shared/ledger/roll-ups.ts";
import { usdForStatistics } from "../../../../shared/money/nano-usd.ts";
import type { Contestant, Verdict } from "../contestant.ts";
import type { JudgedOrganisation } from "../judged-organisation.ts";
import { deviation, mean, median, medianDeviation } from "../measures/order-statistics.ts";
import { weekKey } from "../organisation/work.ts";

/** Dollars of each person's days; a day without spend is absent. */
export type Spend = ReadonlyMap<string, ReadonlyMap<Day, number>>;

/** How suspicious a person's day is; `undefined` where the rule has nothing to say. */
type DayRule = (own: ReadonlyMap<Day, number>, day: Day) => number | undefined;

const Z_DAYS = 14;
const Z_LIMIT = 3;
const FEWEST_Z_DAYS = 7;

/** Standard deviations above the mean of the person's fourteen days before, days off as zero. */
export const rollingZ: DayRule = (own, day) => {
  const before = Array.from({ length: Z_DAYS }, (_, back) => own.get(addDays(day, -back - 1)) ?? 0);
  if (before.filter((usd) => usd > 0).length < FEWEST_Z_DAYS) {
    return undefined;
  }
  return ((own.get(day) ?? 0) - mean(before)) / deviation(before);
};

const WEEKDAY_LIMIT = 3.5;
const WEEKDAY_WEEKS = 10;
const FEWEST_WEEKDAYS = 4;

/** Robust deviations above the median of the person's same weekdays of ten weeks before. */
export const weekdayDeviation: DayRule = (own, day) => {
  const before = Array.from({ length: WEEKDAY_WEEKS }, (_, back) =>
    own.get(addDays(day, -7 * (back + 1))),
  ).filter((usd) => usd !== undefined);
  const scale = medianDeviation(before);
  if (before.length < FEWEST_WEEKDAYS || scale === 0) {
    return undefined;
  }
  return ((own.get(day) ?? 0) - median(before)) / scale;
};

export const rollingZScore = dayContestant("rolling z of 14 days", rollingZ, Z_LIMIT);
export const weekdayMedian = dayContestant(
  "weekday median and MAD",
  weekdayDeviation,
  WEEKDAY_LIMIT,
);

function dayContestant(name: string, rule: DayRule, limit: number): Contestant {
  return {
    name,
    judge: (organisation) => {
      const spend = spendByDay(organisation);
      return judgeDays(organisation, spend, (user, day) => {
        const score = rule(spend.get(user) ?? new Map(), day);
        return score === undefined ? undefined : { score, isFlagged: score > limit };
      });
    },
  };
}

/** A week is as suspicious as its worst day, and told on the day after the first that is flagged. */
export function judgeDays(
  { testWeeks }: JudgedOrganisation,
  spend: Spend,
  judge: (user: string, day: Day) => Verdict | undefined,
): ReadonlyMap<string, Verdict> {
  const weeks = [...spend.keys()].flatMap((user) =>
    testWeeks.flatMap(({ week, from }) => {
      const own = spend.get(user);
      const days = Array.from({ length: 7 }, (_, at) => addDays(from, at)).filter((day) =>
        own?.has(day),
      );
      const verdict = worst(days, (day) => judge(user, day));
      return verdict === undefined ? [] : [[weekKey(user, week), verdict] as const];
    }),
  );
  return new Map(weeks);
}

function worst(
  days: readonly Day[],
  judge: (day: Day) => Verdict | undefined,
): Verdict | undefined {
  const judged = days.flatMap((day) => {
    const verdict = judge(day);
    return verdict === undefined ? [] : { day, ...verdict };
  });
  if (judged.length === 0) {
    return undefined;
  }
  const first = judged.find(({ isFlagged }) => isFlagged);
  return {
    score: Math.max(...judged.map(({ score }) => score)),
    isFlagged: first !== undefined,
    ...(first === undefined ? {} : { day: addDays(first.day, 1) }),
  };
}

export function spendByDay({ userDays }: JudgedOrganisation): Spend {
  const spend = new Map<string, Map<Day, number>>();
  for (const { user, day, costNanoUsd } of userDays) {
    const own = spend.get(user) ?? new Map<Day, number>();
    own.set(day, usdForStatistics(costNanoUsd));
    spend.set(user, own);
  }
  return spend;
}
