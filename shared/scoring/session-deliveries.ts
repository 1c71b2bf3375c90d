import type { DeliveryUnit } from "../outcomes/delivery-unit.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** What a session earned, and when the first unit was delivered that it earned a part of. */
export type SessionDelivery = {
  readonly creditMicroUnits: number;
  readonly firstDeliveredMs: number;
};

/** By person and session; who earned nothing is absent. */
export type SessionDeliveries = ReadonlyMap<UserPseudonym, ReadonlyMap<string, SessionDelivery>>;

/** What units, in any order, gave to sessions. */
export function sessionDeliveries(units: Iterable<DeliveryUnit>): SessionDeliveries {
  const deliveries = new Map<UserPseudonym, Map<string, SessionDelivery>>();
  for (const { sessions, firstDeliveredMs } of units) {
    for (const { user, session, creditMicroUnits } of sessions) {
      if (firstDeliveredMs !== undefined && creditMicroUnits > 0) {
        const own = deliveries.get(user) ?? new Map<string, SessionDelivery>();
        const delivery = { creditMicroUnits, firstDeliveredMs };
        deliveries.set(user, own.set(session, together(delivery, own.get(session))));
      }
    }
  }
  return deliveries;
}

function together(a: SessionDelivery, b: SessionDelivery | undefined): SessionDelivery {
  return b === undefined
    ? a
    : {
        creditMicroUnits: a.creditMicroUnits + b.creditMicroUnits,
        firstDeliveredMs: Math.min(a.firstDeliveredMs, b.firstDeliveredMs),
      };
}
