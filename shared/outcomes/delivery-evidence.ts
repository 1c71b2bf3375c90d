import type { DeliveryEvidence } from "../alerts/alert.ts";
import { startOfDay } from "../ledger/calendar.ts";
import type { Day } from "../ledger/roll-ups.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { type DeliveryUnit, MICRO_UNITS_PER_UNIT, NOT_COUNTED_WORDS } from "./delivery-unit.ts";

/**
 * What a person's sessions on the days `[from, to)` earned, task by task, and which of the person's
 * outcomes since `from` did not count, and why.
 *
 * @param units As of the moment that the evidence speaks of.
 */
export function deliveryEvidence(
  units: readonly DeliveryUnit[],
  user: UserPseudonym,
  from: Day,
  to: Day,
): DeliveryEvidence {
  const counted = units
    .map((unit) => ({ ...unit, micro: creditWithin(unit, user, from, to) }))
    .filter(({ micro }) => micro > 0)
    .sort((a, b) => b.micro - a.micro);
  const fromMs = startOfDay(from);
  return {
    credit: counted.reduce((sum, { micro }) => sum + micro, 0) / MICRO_UNITS_PER_UNIT,
    counted: counted.map(({ task, micro, state }) => ({
      task,
      credit: micro / MICRO_UNITS_PER_UNIT,
      state,
    })),
    notCounted: units
      .flatMap(({ notCounted }) => notCounted)
      .filter((outcome) => outcome.user === user && outcome.timeMs >= fromMs)
      .map(({ id, reason }) => ({ id, reason: NOT_COUNTED_WORDS[reason] })),
  };
}

function creditWithin({ sessions }: DeliveryUnit, user: UserPseudonym, from: Day, to: Day): number {
  return sessions
    .filter((credit) => credit.user === user && credit.day >= from && credit.day < to)
    .reduce((sum, { creditMicroUnits }) => sum + creditMicroUnits, 0);
}
