import { DAY_MS } from "../ledger/calendar.ts";
import { quantile } from "../order-statistics.ts";
import { pushTo } from "../outcomes/outcome-index.ts";
import type { ScoredSession } from "./sessions.ts";

const FEWEST_DELIVERED = 20;
const DEFAULT_DAYS = 7;
const LEAST_DAYS = 1;
const MOST_DAYS = 21;
/** Share of delivered sessions of a cohort that had delivered by then. */
const DELIVERED_SHARE = 0.9;

/**
 * Days after which a session of a cohort that delivers at all has delivered, for nine in ten: learnt
 * from sessions that did, 7 while these are fewer than 20, and from 1 to 21.
 */
export function maturityByCohort(sessions: readonly ScoredSession[]): (cohort: string) => number {
  const delays = new Map<string, number[]>();
  for (const { cohort, lastMs, firstDeliveredMs } of sessions) {
    if (firstDeliveredMs !== undefined) {
      pushTo(delays, cohort, Math.max(0, firstDeliveredMs - lastMs) / DAY_MS);
    }
  }
  const byCohort = new Map([...delays].map(([cohort, days]) => [cohort, maturity(days)]));
  return (cohort) => byCohort.get(cohort) ?? DEFAULT_DAYS;
}

function maturity(days: readonly number[]): number {
  return days.length < FEWEST_DELIVERED
    ? DEFAULT_DAYS
    : Math.min(MOST_DAYS, Math.max(LEAST_DAYS, quantile(days, DELIVERED_SHARE)));
}
