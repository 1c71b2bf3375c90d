import type { OpenAlertEvidence } from "../alerts/alert.ts";
import { type AlertCase, isOpen } from "../alerts/alert-case.ts";
import { addDays, dayOf } from "../ledger/calendar.ts";
import type { Day } from "../ledger/roll-ups.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import type { AnsweredDays } from "./answered-days.ts";

/** Nine weeks, as far back as a person's own usual looks: after that nothing would be left of it. */
const LONGEST_FROZEN_DAYS = 9 * 7;

/**
 * People about whose weeks an alert is open, and what that makes of their own usual: the weeks since are
 * left out of it, so that a person does not become their own normal while nobody has looked. After nine weeks
 * without an answer they count again.
 */
export function openAlerts(
  cases: readonly AlertCase[],
  asOfMs: number,
  personOf: (user: UserPseudonym) => UserPseudonym,
): ReadonlyMap<UserPseudonym, OpenAlertEvidence> {
  const frozenSince = addDays(dayOf(asOfMs), -LONGEST_FROZEN_DAYS);
  const open = new Map<UserPseudonym, OpenAlertEvidence>();
  for (const known of cases) {
    const { id, unit } = known.alert;
    if (unit.kind === "user-window" && isOpen(known)) {
      const user = personOf(unit.user);
      const isFrozen = unit.to >= frozenSince;
      const found = { id, from: unit.from, isFrozen };
      const other = open.get(user);
      open.set(user, other === undefined || isWeightier(found, other) ? found : other);
    }
  }
  return open;
}

/** The days that open alerts keep out of what is usual for a person: since the first of the alert's own. */
export function unansweredDays(
  open: ReadonlyMap<UserPseudonym, OpenAlertEvidence>,
  until: Day,
): readonly AnsweredDays[] {
  return [...open]
    .filter(([, { isFrozen }]) => isFrozen)
    .map(([user, { from }]) => ({ user, from, to: until, learning: "unanswered" }));
}

/** Of several, the oldest that still freezes; of those that do not, the latest. */
function isWeightier(found: OpenAlertEvidence, other: OpenAlertEvidence): boolean {
  if (found.isFrozen !== other.isFrozen) {
    return found.isFrozen;
  }
  return found.isFrozen ? found.from < other.from : found.from > other.from;
}
