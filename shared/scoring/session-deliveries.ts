import type { EarnedTask } from "../outcomes/delivery-history.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** What a session earned, and when the first unit was delivered that it earned a part of. */
export type SessionDelivery = {
  readonly creditMicroUnits: number;
  readonly firstDeliveredMs: number;
};

/** By person and session; who earned nothing is absent. */
export type SessionDeliveries = ReadonlyMap<UserPseudonym, ReadonlyMap<string, SessionDelivery>>;

/** What tasks, in any order, gave to sessions. */
export function sessionDeliveries(tasks: Iterable<EarnedTask>): SessionDeliveries {
  const deliveries = new Map<UserPseudonym, Map<string, SessionDelivery>>();
  for (const { firstDeliveredMs, credits } of tasks) {
    for (const { fact, creditMicroUnits } of credits) {
      if (creditMicroUnits > 0) {
        const { user, session } = fact;
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
