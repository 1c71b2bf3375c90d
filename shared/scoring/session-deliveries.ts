import type { EarnedCredits } from "../outcomes/earned-credits.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** What a session earned, and when the first unit was delivered that it earned a part of. */
export type SessionDelivery = {
  readonly creditMicroUnits: number;
  readonly firstDeliveredMs: number;
};

/** By person and session; who earned nothing is absent. */
export type SessionDeliveries = ReadonlyMap<UserPseudonym, ReadonlyMap<string, SessionDelivery>>;

/** What tasks, in any order, gave to sessions. */
export function sessionDeliveries(tasks: Iterable<EarnedCredits>): SessionDeliveries {
  const deliveries = new Map<UserPseudonym, Map<string, Growing>>();
  for (const { facts, creditsMicroUnits, firstDeliveredMs = Infinity } of tasks) {
    for (const [index, { user, session }] of facts.entries()) {
      const creditMicroUnits = creditsMicroUnits[index] ?? 0;
      if (creditMicroUnits > 0) {
        const own = deliveries.get(user) ?? new Map<string, Growing>();
        const known = own.get(session) ?? { creditMicroUnits: 0, firstDeliveredMs };
        known.creditMicroUnits += creditMicroUnits;
        known.firstDeliveredMs = Math.min(known.firstDeliveredMs, firstDeliveredMs);
        deliveries.set(user, own.set(session, known));
      }
    }
  }
  return deliveries;
}

type Growing = { -readonly [Key in keyof SessionDelivery]: SessionDelivery[Key] };
