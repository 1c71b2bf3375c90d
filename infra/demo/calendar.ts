/** Weeks start on Monday; all of the demo is in UTC. */
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;
export const WEEKS = 12;

/** Monday 2026-08-10. */
export const STARTS_MS = Date.UTC(2026, 7, 10);
/** Exclusive: the demo's last day is Sunday 2026-11-01. */
export const ENDS_MS = STARTS_MS + WEEKS * WEEK_MS;

/** Start of the week with this number, 1 to 12. */
export function weekStartMs(week: number): number {
  return STARTS_MS + (week - 1) * WEEK_MS;
}

export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

export function isWeekend(timeMs: number): boolean {
  const weekday = new Date(timeMs).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** Whole seconds, as GitHub writes times. */
export function rfc3339(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

/** The first moment at or after this one in which people merge: a work day between 7:00 and 19:00. */
export function nextOfficeMoment(timeMs: number): number {
  const day = Math.floor(timeMs / DAY_MS) * DAY_MS;
  const sinceMidnight = timeMs - day;
  if (isWeekend(day) || sinceMidnight >= 19 * HOUR_MS) {
    return nextOfficeMoment(day + DAY_MS + 7 * HOUR_MS + (sinceMidnight % (3 * HOUR_MS)));
  }
  return sinceMidnight < 7 * HOUR_MS ? timeMs + 7 * HOUR_MS : timeMs;
}
