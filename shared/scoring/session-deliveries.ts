import type { DeliveryHistory } from "../outcomes/delivery-history.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** What a session earned, and when the first unit was delivered that it earned a part of. */
export type SessionDelivery = {
  readonly creditMicroUnits: number;
  readonly firstDeliveredMs: number;
};

/** By person and session; who earned nothing is absent. */
export type SessionDeliveries = ReadonlyMap<UserPseudonym, ReadonlyMap<string, SessionDelivery>>;

/** What tasks, in any order, gave to sessions. */
export function sessionDeliveries(
  { eachEarned }: Pick<DeliveryHistory, "eachEarned">,
  asOfMs: number,
): SessionDeliveries {
  const deliveries = new Map<UserPseudonym, Map<string, Growing>>();
  eachEarned(asOfMs, ({ user, session }, creditMicroUnits, firstDeliveredMs) => {
    if (creditMicroUnits > 0) {
      const own = deliveries.get(user) ?? new Map<string, Growing>();
      const known = own.get(session) ?? { creditMicroUnits: 0, firstDeliveredMs };
      known.creditMicroUnits += creditMicroUnits;
      known.firstDeliveredMs = Math.min(known.firstDeliveredMs, firstDeliveredMs);
      deliveries.set(user, own.set(session, known));
    }
  });
  return deliveries;
}

type Growing = { -readonly [Key in keyof SessionDelivery]: SessionDelivery[Key] };
