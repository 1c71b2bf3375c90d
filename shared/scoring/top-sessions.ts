import type { AlertEvidence } from "../alerts/alert.ts";
import type { Day, SessionDay } from "../ledger/roll-ups.ts";

const SHOWN = 3;

/**
 * The dearest sessions on the days `[from, to)`, dearest first.
 *
 * @param sessionDays Of one person.
 */
export function topSessions(
  sessionDays: readonly SessionDay[],
  from: Day,
  to: Day,
): AlertEvidence["topSessions"] {
  const costs = new Map<string, bigint>();
  for (const { day, session, costNanoUsd } of sessionDays) {
    if (day >= from && day < to) {
      costs.set(session, (costs.get(session) ?? 0n) + costNanoUsd);
    }
  }
  return [...costs]
    .map(([session, costNanoUsd]) => ({ session, costNanoUsd }))
    .sort((a, b) => Number(b.costNanoUsd - a.costNanoUsd) || (a.session < b.session ? -1 : 1))
    .slice(0, SHOWN);
}
