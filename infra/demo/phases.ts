import { DAY_MS, HOUR_MS, rfc3339, STARTS_MS, WEEK_MS, WEEKS } from "./calendar.ts";

/** A stretch of the demo: its traffic is sent, then its schedules are fired. */
export type Phase = {
  readonly label: string;
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
};

/** Scored every week at first, and every night at the end, as it would be from the start. */
const WEEKS_SCORED_NIGHTLY = 2;

export function phases(): readonly Phase[] {
  const weekly = WEEKS - WEEKS_SCORED_NIGHTLY;
  const nightlyFromMs = STARTS_MS + weekly * WEEK_MS;
  return [
    ...Array.from({ length: weekly }, (_, index) => ({
      label: `week ${index + 1}`,
      fromMs: STARTS_MS + index * WEEK_MS,
      toMs: STARTS_MS + (index + 1) * WEEK_MS,
    })),
    ...Array.from({ length: 7 * WEEKS_SCORED_NIGHTLY }, (_, index) => ({
      label: `week ${weekly + 1 + Math.floor(index / 7)}, day ${(index % 7) + 1}`,
      fromMs: nightlyFromMs + index * DAY_MS,
      toMs: nightlyFromMs + (index + 1) * DAY_MS,
    })),
  ];
}

/** The night after a phase: three o'clock, as in the configuration. */
export function scoringTime({ toMs }: Phase): string {
  return rfc3339(toMs + 3 * HOUR_MS);
}

/** When reports of months that ended in this phase are due: the second day of the next month. */
export function reportTimes({ fromMs, toMs }: Phase): readonly string[] {
  const times: string[] = [];
  for (let dayMs = fromMs + DAY_MS; dayMs <= toMs; dayMs += DAY_MS) {
    if (new Date(dayMs).getUTCDate() === 2) {
      times.push(rfc3339(dayMs + 6 * HOUR_MS));
    }
  }
  return times;
}
