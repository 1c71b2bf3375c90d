import type { DeliveryHistory } from "../outcomes/delivery-history.ts";
import { pushTo } from "../outcomes/outcome-index.ts";
import { Rows } from "../rows.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** What a session earned, and when the first unit was delivered that it earned a part of. */
export type SessionDelivery = {
  readonly creditMicroUnits: number;
  readonly firstDeliveredMs: number;
};

/** Of a person, by session; what earned nothing is absent. Worked out when asked, person by person. */
export type SessionDeliveries = (user: UserPseudonym) => ReadonlyMap<string, SessionDelivery>;

/** What tasks, in any order, gave to sessions. */
export function sessionDeliveries(
  { eachEarned }: Pick<DeliveryHistory, "eachEarned">,
  asOfMs: number,
): SessionDeliveries {
  const rows = new Rows({ counts: 0, amounts: 2 });
  const sessions: string[] = [];
  const rowsOf = new Map<UserPseudonym, number[]>();
  eachEarned(asOfMs, ({ user, session }, creditMicroUnits, firstDeliveredMs) => {
    if (creditMicroUnits > 0) {
      pushTo(rowsOf, user, rows.length);
      rows.add([], [creditMicroUnits, firstDeliveredMs]);
      sessions.push(session);
    }
  });
  return (user) => {
    const deliveries = new Map<string, SessionDelivery>();
    for (const row of rowsOf.get(user) ?? []) {
      const session = sessions[row] ?? "";
      const known = deliveries.get(session);
      deliveries.set(session, {
        creditMicroUnits: rows.amount(row, 0) + (known?.creditMicroUnits ?? 0),
        firstDeliveredMs: Math.min(rows.amount(row, 1), known?.firstDeliveredMs ?? Infinity),
      });
    }
    return deliveries;
  };
}
