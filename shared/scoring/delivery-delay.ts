import { DAY_MS } from "../ledger/calendar.ts";
import type { DeliveryUnit } from "../outcomes/delivery-unit.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { quantile } from "./order-statistics.ts";
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
export function maturityByCohort(
  sessions: readonly ScoredSession[],
  units: readonly DeliveryUnit[],
): (cohort: string) => number {
  const delivered = firstDelivery(units);
  const delays = sessions.flatMap(({ user, session, cohort, lastMs }) => {
    const deliveredMs = delivered.get(user)?.get(session);
    return deliveredMs === undefined
      ? []
      : [{ cohort, days: Math.max(0, deliveredMs - lastMs) / DAY_MS }];
  });
  const byCohort = new Map(
    [...Map.groupBy(delays, ({ cohort }) => cohort)].map(([cohort, known]) => [
      cohort,
      maturity(known.map(({ days }) => days)),
    ]),
  );
  return (cohort) => byCohort.get(cohort) ?? DEFAULT_DAYS;
}

function maturity(days: readonly number[]): number {
  return days.length < FEWEST_DELIVERED
    ? DEFAULT_DAYS
    : Math.min(MOST_DAYS, Math.max(LEAST_DAYS, quantile(days, DELIVERED_SHARE)));
}

function firstDelivery(
  units: readonly DeliveryUnit[],
): ReadonlyMap<UserPseudonym, ReadonlyMap<string, number>> {
  const first = new Map<UserPseudonym, Map<string, number>>();
  for (const { sessions, firstDeliveredMs } of units) {
    for (const { user, session, creditMicroUnits } of sessions) {
      if (firstDeliveredMs !== undefined && creditMicroUnits > 0) {
        const own = first.get(user) ?? new Map<string, number>();
        const known = own.get(session) ?? firstDeliveredMs;
        first.set(user, own.set(session, Math.min(firstDeliveredMs, known)));
      }
    }
  }
  return first;
}
