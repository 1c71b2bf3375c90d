import { foldUserDay } from "../../shared/ledger/fold-user-day.ts";
import { encodeSessionDay, encodeUserDay } from "../../shared/ledger/roll-up-codec.ts";
import type { Day, SessionDay, UserDay } from "../../shared/ledger/roll-ups.ts";
import type { RollUps } from "../../shared/ports/insights.ts";
import type { UsageLedger } from "../../shared/ports/usage-ledger.ts";
import type { PriceBook } from "../../shared/pricing/price-book.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";

export type RecomputeDeps = {
  readonly ledger: Pick<UsageLedger, "readUserDay">;
  readonly rollUps: Pick<RollUps, "read" | "putUserDay" | "putSessionDay">;
  readonly priceBook: PriceBook;
};

export type Recomputed = {
  readonly sessionDays: readonly SessionDay[];
  /** Calls without a price that were not there before. */
  readonly newlyUnpricedCalls: number;
};

/**
 * Recomputes the roll-ups of a user's day from the ledger and stores what differs. Reading is some
 * forty times cheaper than writing, so what is stored is read first and equal values are left alone.
 */
export async function recomputeUserDay(
  { ledger, rollUps, priceBook }: RecomputeDeps,
  user: UserPseudonym,
  day: Day,
): Promise<Recomputed> {
  const [entries, stored] = await Promise.all([
    ledger.readUserDay(user, day),
    rollUps.read(user, day),
  ]);
  const { userDay, sessionDays } = foldUserDay(user, day, entries, priceBook);
  const storedSessions = new Map(stored.sessionDays.map((value) => [value.session, value]));
  const changed = sessionDays.filter(
    (value) => !isSameSession(value, storedSessions.get(value.session)),
  );
  await Promise.all(changed.map((value) => rollUps.putSessionDay(value)));
  if (!isSameDay(userDay, stored.userDay)) {
    await rollUps.putUserDay(userDay);
  }
  return {
    sessionDays,
    newlyUnpricedCalls: Math.max(0, userDay.unpricedCalls - (stored.userDay?.unpricedCalls ?? 0)),
  };
}

function isSameSession(value: SessionDay, stored: SessionDay | undefined): boolean {
  return stored !== undefined && encodeSessionDay(value) === encodeSessionDay(stored);
}

function isSameDay(value: UserDay, stored: UserDay | undefined): boolean {
  return stored !== undefined && encodeUserDay(value) === encodeUserDay(stored);
}
