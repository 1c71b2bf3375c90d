import { dayOf } from "../../shared/ledger/calendar.ts";
import {
  type FoldedDay,
  type FoldRules,
  foldPersonDay,
} from "../../shared/ledger/fold-user-day.ts";
import { encodeSessionDay, encodeUserDay } from "../../shared/ledger/roll-up-codec.ts";
import { following, orderOf } from "../../shared/ledger/roll-up-order.ts";
import type { Day, SessionDay, UserDay } from "../../shared/ledger/roll-ups.ts";
import type { RollUps, StoredDay } from "../../shared/ports/insights.ts";
import type { UsageLedger } from "../../shared/ports/usage-ledger.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import { readEntriesOfDay } from "./read-entries-of-day.ts";

export type RecomputeDeps = FoldRules & {
  readonly ledger: Pick<UsageLedger, "readUserDay">;
  readonly rollUps: Pick<RollUps, "read" | "putUserDay" | "putSessionDay" | "removeSessionDay">;
};

/** The day of one name of a person. */
export type Recomputed = {
  /** What was stored; nothing if the day was new. */
  readonly before?: UserDay;
  readonly after: UserDay;
  readonly sessionDays: readonly SessionDay[];
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
 * Recomputes the roll-ups of a person's day from the ledger, for each name, and stores what differs.
 * Reading is some forty times cheaper than writing, so what is stored is read first and equal values are
 * left alone.
 *
 * That makes it a read and a write, between which somebody else may write. So the day of a name comes after
 * its sessions, and only if it is still what was read: of two recomputations at once, one begins again. A
 * name without an entry on the day has no roll-up.
 *
 * @param names All of the person's.
 * @throws {ContendedUserDayError} if it began again too often.
 */
export async function recomputeDay(
  deps: RecomputeDeps,
  names: readonly UserPseudonym[],
  day: Day,
): Promise<readonly Recomputed[]> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const recomputed = await recomputeOnce(deps, names, day);
    if (recomputed !== "overtaken") {
      return recomputed;
    }
  }
  throw new ContendedUserDayError(day);
}

/** Calls without a price that were not there before, under whichever name. */
export function newlyUnpricedCalls(recomputed: readonly Recomputed[]): number {
  const more = recomputed.reduce(
    (sum, { before, after }) => sum + after.unpricedCalls - (before?.unpricedCalls ?? 0),
    0,
  );
  return Math.max(0, more);
}

async function recomputeOnce(
  { ledger, rollUps, ...rules }: RecomputeDeps,
  names: readonly UserPseudonym[],
  day: Day,
): Promise<readonly Recomputed[] | "overtaken"> {
  // Before the ledger: then no value rests on less of it than the one whose place it takes, whatever the names.
  const stored = await Promise.all(names.map((name) => rollUps.read(name, day)));
  const entries = await readEntriesOfDay(ledger, names, day);
  const atWork = new Set(
    entries.filter(({ timeMs }) => dayOf(timeMs) === day).map(({ user }) => user),
  );
  const folded = foldPersonDay(names, day, entries, rules);
  const results = await Promise.all(
    folded.map((fold, at) => {
      const known = stored[at] ?? { sessionDays: [], order: 0 };
      const isOfDay =
        atWork.has(fold.userDay.user) || known.userDay !== undefined || fold.sessionDays.length > 0;
      return isOfDay ? storeDay(rollUps, fold, known) : undefined;
    }),
  );
  return results.includes("overtaken")
    ? "overtaken"
    : results.flatMap((result) => (typeof result === "object" ? [result] : []));
}

async function storeDay(
  rollUps: RecomputeDeps["rollUps"],
  fold: FoldedDay,
  stored: StoredDay,
): Promise<Recomputed | "overtaken"> {
  const version = following(fold.userDay.version, stored.userDay?.version, stored.order);
  const after = { ...fold.userDay, version };
  const sessionDays = fold.sessionDays.map((value) => ({ ...value, version }));
  const storedSessions = new Map(stored.sessionDays.map((value) => [value.session, value]));
  const sessions = new Set(sessionDays.map(({ session }) => session));
  await Promise.all([
    ...sessionDays
      .filter((value) => !isSameSession(value, storedSessions.get(value.session)))
      .map((value) => rollUps.putSessionDay(value)),
    ...stored.sessionDays
      .filter(({ session }) => !sessions.has(session))
      .map((value) => rollUps.removeSessionDay(value, version)),
  ]);
  if (!isSameDay(after, stored.userDay) && !(await rollUps.putUserDay(after, stored.userDay))) {
    return "overtaken";
  }
  return { ...(stored.userDay && { before: stored.userDay }), after, sessionDays };
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
    orderOf(value.version) === orderOf(stored.version) &&
    value.version.priceBook === stored.version.priceBook &&
    encodeUserDay(value) === encodeUserDay(stored)
  );
}
