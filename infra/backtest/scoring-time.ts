import { DAY_MS } from "../../shared/ledger/calendar.ts";

const MINUTE_MS = 60_000;
const DEFAULT_MS = 3 * 60 * MINUTE_MS;

/**
 * When a day's scoring runs, in milliseconds after midnight UTC: as the schedule says, or at 03:00 if it
 * names no single minute.
 */
export function scoredAtMs(cron: string): number {
  const [, minute, hour] = /^(\d{1,2}) (\d{1,2}) /.exec(cron) ?? [];
  const ms = minute === undefined ? DEFAULT_MS : (Number(hour) * 60 + Number(minute)) * MINUTE_MS;
  return ms < DAY_MS ? ms : DEFAULT_MS;
}
