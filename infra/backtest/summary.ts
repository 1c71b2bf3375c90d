import type { Alert } from "../../shared/alerts/alert.ts";
import { addDays, dayOf, startOfDay } from "../../shared/ledger/calendar.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import { type NanoUsd, sumNanoUsd } from "../../shared/money/nano-usd.ts";

/** How many alerts there were, and about how much. */
export type Flagged = {
  readonly alerts: number;
  readonly costNanoUsd: NanoUsd;
  readonly excessNanoUsd: NanoUsd;
};

export type OwnerWeek = {
  readonly owner: string;
  /** The Monday that the week begins with. */
  readonly week: Day;
} & Flagged;

export type AlertSummary = Flagged & {
  readonly byType: Readonly<Record<string, Flagged>>;
  /** What each owner would have got in a week; weeks without an alert are left out. */
  readonly byOwnerWeek: readonly OwnerWeek[];
};

/**
 * Sums up alerts. Two alerts may be about the same spend, such as a session and the week that it is in:
 * a sum can count a dollar twice.
 */
export function summariseAlerts(alerts: readonly Alert[]): AlertSummary {
  const byType = Map.groupBy(alerts, ({ type }) => type);
  const byOwnerWeek = Map.groupBy(
    alerts,
    ({ owner, asOfMs }) => `${mondayOf(dayOf(asOfMs))} ${owner}`,
  );
  return {
    ...flagged(alerts),
    byType: Object.fromEntries(
      [...byType].sort(byName).map(([type, some]) => [type, flagged(some)]),
    ),
    byOwnerWeek: [...byOwnerWeek].sort(byName).map(([key, some]) => {
      const [week = "", owner = ""] = key.split(" ");
      return { owner, week, ...flagged(some) };
    }),
  };
}

export function flagged(alerts: readonly Alert[]): Flagged {
  return {
    alerts: alerts.length,
    costNanoUsd: sumNanoUsd(alerts.map(({ evidence }) => evidence.costNanoUsd)),
    excessNanoUsd: sumNanoUsd(alerts.map(({ evidence }) => evidence.excessNanoUsd)),
  };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function mondayOf(day: Day): Day {
  const sinceMonday = (new Date(startOfDay(day)).getUTCDay() + 6) % 7;
  return addDays(day, -sinceMonday);
}
