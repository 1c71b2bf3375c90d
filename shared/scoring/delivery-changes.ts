import type { DeliveryChange, DeliveryEvidence } from "../alerts/alert.ts";
import { dayOf } from "../ledger/calendar.ts";
import { type DeliveryUnit, isUndone, type NotCountedReason } from "../outcomes/delivery-unit.ts";

/** Below the millionths that credit is counted in. */
const SMALLEST_CREDIT = 1e-7;

/**
 * Tasks whose credit for a week grew, and those whose credit fell because an outcome of theirs was undone,
 * largest change first. Credit that moved to other weeks, as more of a task became known, is no change.
 *
 * @param units As of the later moment, those that `after` tells of.
 */
export function deliveryChanges(
  before: DeliveryEvidence,
  after: DeliveryEvidence,
  units: readonly DeliveryUnit[],
): readonly DeliveryChange[] {
  const [was, is] = [creditByTask(before), creditByTask(after)];
  const unitsOf = Map.groupBy(units, ({ task }) => task);
  return [...new Set([...was.keys(), ...is.keys()])]
    .flatMap((task) => {
      const grown = (is.get(task) ?? 0) - (was.get(task) ?? 0);
      return changeOf(task, grown, unitsOf.get(task) ?? []);
    })
    .sort((a, b) => b.credit - a.credit || (a.task < b.task ? -1 : 1));
}

function changeOf(
  task: string,
  grown: number,
  units: readonly DeliveryUnit[],
): readonly DeliveryChange[] {
  if (grown > SMALLEST_CREDIT) {
    const [latestMs] = units
      .flatMap(({ lastDeliveredMs }) => lastDeliveredMs ?? [])
      .sort((a, b) => b - a);
    const day = latestMs === undefined ? {} : { day: dayOf(latestMs) };
    return [{ kind: "delivered", task, credit: grown, ...day }];
  }
  const undone = units.flatMap(({ notCounted }) =>
    notCounted.map(({ reason }) => reason).filter(isUndone),
  );
  return grown < -SMALLEST_CREDIT && undone.length > 0
    ? [{ kind: "undone", task, credit: -grown, ...causeOf(undone) }]
    : [];
}

function causeOf(undone: readonly NotCountedReason[]): Pick<DeliveryChange, "cause"> {
  if (!undone.includes("undone-by-incident")) {
    return {};
  }
  return { cause: undone.includes("undone") ? "incident-among-others" : "incident" };
}

function creditByTask({ counted }: DeliveryEvidence): ReadonlyMap<string, number> {
  const credits = new Map<string, number>();
  for (const { task, credit } of counted) {
    credits.set(task, (credits.get(task) ?? 0) + credit);
  }
  return credits;
}
