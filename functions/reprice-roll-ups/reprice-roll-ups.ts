import type { Context } from "aws-lambda";
import * as z from "zod";
import { addDays, dayOf, monthOf, periodOfMonth } from "../../shared/ledger/calendar.ts";
import { foldVersion } from "../../shared/ledger/fold-user-day.ts";
import { priceDifferences, totalDifference } from "../../shared/ledger/price-differences.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import { type RepriceDeps, repriceDays } from "./reprice-days.ts";

const CalendarDay = z.iso.date();

/** `from` and `to`, if a person invokes it: days `[from, to)`. */
const RepriceEvent = z.object({
  scheduledTime: z.iso.datetime({ offset: true }),
  from: CalendarDay.optional(),
  to: CalendarDay.optional(),
});

export type RepriceResult = {
  readonly priceBook: string;
  readonly from: Day;
  readonly to: Day;
  readonly repriced: number;
  readonly differenceNanoUsd: string;
  readonly unpricedBefore: number;
  readonly unpricedAfter: number;
  /** There was no time for this day and those before it: the next run goes on. */
  readonly leftFrom?: Day;
};

/** Some days could not be worked out again. The others are done, and a retry does the rest. */
export class RepriceFailedError extends Error {
  override readonly name = "RepriceFailedError";

  constructor(days: readonly Day[]) {
    super(`${days.length} person's days were not priced again, the first of ${days[0]}`);
  }
}

/** Enough to finish the days that were begun. */
const NEEDED_MS = 45_000;

/**
 * Prices again what other prices than today's have priced, and what was folded over other names than a
 * person has today, in this month and the one before, which are not reported for good yet: after an update
 * of the price list, of the configuration or of the directory, nobody has to think of it. Bounded by the function's time; the next run goes on where there was none left.
 */
export function repriceRollUpsHandler(deps: RepriceDeps) {
  return async (
    event: unknown,
    context: Pick<Context, "getRemainingTimeInMillis">,
  ): Promise<RepriceResult> => {
    const { scheduledTime, ...period } = RepriceEvent.parse(event);
    const today = dayOf(Date.parse(scheduledTime));
    const { from = startOfMonthBefore(today), to = addDays(today, 1) } = period;
    const { days, failed, leftFrom } = await repriceDays(deps, {
      from,
      to,
      all: false,
      hasTime: () => context.getRemainingTimeInMillis() > NEEDED_MS,
    });
    const total = totalDifference(priceDifferences(days));
    const result = {
      priceBook: foldVersion(deps),
      from,
      to,
      repriced: days.length,
      differenceNanoUsd: (total.afterNanoUsd - total.beforeNanoUsd).toString(),
      unpricedBefore: total.unpricedBefore,
      unpricedAfter: total.unpricedAfter,
      ...(leftFrom !== undefined && { leftFrom }),
    };
    console.info(result);
    for (const { day, error } of failed) {
      console.error({ message: "day was not priced again", day, error });
    }
    if (failed.length > 0) {
      throw new RepriceFailedError(failed.map(({ day }) => day));
    }
    return result;
  };
}

function startOfMonthBefore(day: Day): Day {
  return periodOfMonth(monthOf(addDays(periodOfMonth(monthOf(day)).from, -1))).from;
}
