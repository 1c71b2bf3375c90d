import { type FoldRules, foldUserDay } from "../../shared/ledger/fold-user-day.ts";
import { encodeSessionDay, encodeUserDay } from "../../shared/ledger/roll-up-codec.ts";
import type { Day, SessionDay, UserDay } from "../../shared/ledger/roll-ups.ts";
import type { RollUps } from "../../shared/ports/insights.ts";
import type { UsageLedger } from "../../shared/ports/usage-ledger.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import { readEntriesOfDay } from "./read-entries-of-day.ts";

export type RecomputeDeps = FoldRules & {
  readonly ledger: Pick<UsageLedger, "readUserDay">;
  readonly rollUps: Pick<RollUps, "read" | "putUserDay" | "putSessionDay" | "removeSessionDay">;
};

export type Recomputed = {
  /** What was stored; nothing if the day was new. */
  readonly before?: UserDay;
  readonly after: UserDay;
  readonly sessionDays: readonly SessionDay[];
  /** Calls without a price that were not there before. */
  readonly newlyUnpricedCalls: number;
};

/** Somebody else recomputed the same day each time. The stream brings it again. */
export class ContendedUserDayError extends Error {
  override readonly name = "ContendedUserDayError";

  constructor(day: Day) {
    super(`the roll-ups of ${day} were changed by another recomputation ${MOST_ATTEMPTS} times`);
  }
}

const MOST_ATTEMPTS = 5;

/**
 * Recomputes the roll-ups of a user's day from the ledger and stores what differs. Reading is some
 * forty times cheaper than writing, so what is stored is read first and equal values are left alone.
 *
 * That makes it a read and a write, between which somebody else may write. So the user's day comes
 * last, and only if it is still what was read: of two recomputations at once, one begins again. A day
 * without an entry has no roll-up.
 *
 * @throws {ContendedUserDayError} if it began again too often.
 */
export async function recomputeUserDay(
  deps: RecomputeDeps,
  user: UserPseudonym,
  day: Day,
): Promise<Recomputed> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const recomputed = await recomputeOnce(deps, user, day);
    if (recomputed !== "overtaken") {
      return recomputed;
    }
  }
  throw new ContendedUserDayError(day);
}

async function recomputeOnce(
  { ledger, rollUps, ...rules }: RecomputeDeps,
  user: UserPseudonym,
  day: Day,
): Promise<Recomputed | "overtaken"> {
  const [entries, stored] = await Promise.all([
    readEntriesOfDay(ledger, user, day),
    rollUps.read(user, day),
  ]);
  const { userDay, sessionDays } = foldUserDay(user, day, entries, rules);
  if (userDay.version.entries === 0) {
    return { after: userDay, sessionDays, newlyUnpricedCalls: 0 };
  }
  const storedSessions = new Map(stored.sessionDays.map((value) => [value.session, value]));
  const sessions = new Set(sessionDays.map(({ session }) => session));
  await Promise.all([
    ...sessionDays
      .filter((value) => !isSameSession(value, storedSessions.get(value.session)))
      .map((value) => rollUps.putSessionDay(value)),
    ...stored.sessionDays
      .filter(({ session }) => !sessions.has(session))
      .map((value) => rollUps.removeSessionDay(value, userDay.version)),
  ]);
  if (!isSameDay(userDay, stored.userDay) && !(await rollUps.putUserDay(userDay, stored.userDay))) {
    return "overtaken";
  }
  return {
    ...(stored.userDay && { before: stored.userDay }),
    after: userDay,
    sessionDays,
    newlyUnpricedCalls: Math.max(0, userDay.unpricedCalls - (stored.userDay?.unpricedCalls ?? 0)),
  };
}

function isSameSession(value: SessionDay, stored: SessionDay | undefined): boolean {
  return stored !== undefined && encodeSessionDay(value) === encodeSessionDay(stored);
}

/**
 * Also of the same version: it tells other recomputations that this one was here, and which prices the
 * value is by.
 */
function isSameDay(value: UserDay, stored: UserDay | undefined): boolean {
  return (
    stored !== undefined &&
    value.version.entries === stored.version.entries &&
    value.version.priceBook === stored.version.priceBook &&
    encodeUserDay(value) === encodeUserDay(stored)
  );
}
