import type { Random } from "../../../../infra/demo/random.ts";
import type { Person } from "./people.ts";
import { HOUR_MS, weekStartMs } from "./work.ts";

const DAY_HOURS = 24;
const WORK_HOURS = 9;

/**
 * Starts of a week's sessions, in order: on work days between a person's first hour and nine hours
 * later, and for some also at weekends. No session of a day begins after 17:30 UTC, so that none of
 * six hours passes midnight.
 */
export function sessionTimes(
  random: Random,
  { startHour, worksWeekends }: Pick<Person, "startHour" | "worksWeekends">,
  week: number,
  count: number,
): readonly { readonly firstMs: number }[] {
  const days = worksWeekends ? 7 : 5;
  const starts = Array.from({ length: count }, () => {
    const day = random.whole(0, days - 1);
    const hour = Math.min(17.5, startHour + random.between(0, WORK_HOURS));
    return Math.round(weekStartMs(week) + (day * DAY_HOURS + hour) * HOUR_MS);
  });
  return starts.sort((a, b) => a - b).map((firstMs) => ({ firstMs }));
}
