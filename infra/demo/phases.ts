import { DAY_MS, HOUR_MS, rfc3339, STARTS_MS, WEEK_MS, WEEKS } from "./calendar.ts";

/** A stretch of the demo: its traffic is sent, then its schedules are fired. */
export type Phase = {
  readonly label: string;
  /** Three o'clock of a night, when scoring runs; the first one is the very start. */
  readonly fromMs: number;
  /** Exclusive, and three o'clock too. */
  readonly toMs: number;
};

/** Schedules of the template, by the start of their logical ids. */
export const SCORING = "ScoringNightly";
export const PREVIOUS_MONTH = "CostReportsPreviousMonth";

/** Scored every week at first, and every night at the end, as it would be from the start. */
const WEEKS_SCORED_NIGHTLY = 2;

export function phases(): readonly Phase[] {
  const weekly = WEEKS - WEEKS_SCORED_NIGHTLY;
  const nights = [
    ...Array.from({ length: weekly }, (_, index) => 7 * (index + 1)),
    ...Array.from({ length: 7 * WEEKS_SCORED_NIGHTLY }, (_, index) => 7 * weekly + index + 1),
  ];
  return nights.map((days, index) => {
    const week = `week ${Math.ceil(days / 7)}`;
    return {
      label: days > 7 * weekly ? `${week}, day ${((days - 1) % 7) + 1}` : week,
      fromMs: index === 0 ? STARTS_MS : nightMs(nights[index - 1] ?? 0),
      toMs: nightMs(days),
    };
  });
}

/** Three o'clock, as in the configuration, of the night after so many days. */
function nightMs(days: number): number {
  return STARTS_MS + days * DAY_MS + 3 * HOUR_MS;
}

/** Before four weeks of history nobody can be judged. */
const FIRST_SCORED_WEEK = 4;

/** The night at the end of a phase; none in the first weeks. */
export function scoringTime({ toMs }: Phase): string | undefined {
  return toMs < STARTS_MS + FIRST_SCORED_WEEK * WEEK_MS ? undefined : rfc3339(toMs);
}

/** When reports of months that ended in this phase are due: the second day of the next month. */
export function reportTimes({ fromMs, toMs }: Phase): readonly string[] {
  const times: string[] = [];
  const midnightMs = fromMs - (fromMs % DAY_MS);
  for (let dayMs = midnightMs + DAY_MS; dayMs <= toMs; dayMs += DAY_MS) {
    if (new Date(dayMs).getUTCDate() === 2) {
      times.push(rfc3339(dayMs + 6 * HOUR_MS));
    }
  }
  return times;
}
