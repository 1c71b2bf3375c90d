import { watchSessions } from "../../functions/roll-up/watch-sessions.ts";
import type { Alert } from "../../shared/alerts/alert.ts";
import type { DirectoryLookup } from "../../shared/directory/directory.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { type FoldRules, foldUserDay } from "../../shared/ledger/fold-user-day.ts";
import type { Day, SessionDay } from "../../shared/ledger/roll-ups.ts";
import type { UsageEvent, UserPseudonym } from "../../shared/usage/usage-event.ts";
import type { ReplayStores } from "./replay-stores.ts";

export type SessionWatchDeps = {
  readonly stores: ReplayStores;
  readonly rules: FoldRules;
  readonly directory: DirectoryLookup;
  readonly settings: Settings;
};

/** A person's day as far as it has come. */
export type LookedAt = {
  readonly user: UserPseudonym;
  readonly day: Day;
  /** Of the day before, if a call may be told of on both sides of midnight. */
  readonly beside: readonly UsageEvent[];
  /** All of the day so far, in order of time. */
  readonly events: readonly UsageEvent[];
  /** How many of them were not there at the last look. */
  readonly fresh: number;
};

/**
 * Finds the call with which a running session passes its limit, as the stream would have shown it. What
 * a session costs only rises, so most days are settled by one look at their end; of a session that is
 * above its limit then, the call is found by halving.
 */
export function sessionWatch({ stores, rules, directory, settings }: SessionWatchDeps) {
  const alertsAbout = async (sessions: readonly SessionDay[], nowMs: number) => {
    const found: Alert[] = [];
    const look = watchSessions({
      rollUps: {
        read: (user, day) =>
          Promise.resolve({ sessionDays: stores.readUserDay(user, day)?.sessionDays ?? [] }),
      },
      limits: () => Promise.resolve(stores.lastLimits()),
      directory: () => Promise.resolve(directory),
      outbox: {
        record: (alert) => {
          found.push(alert);
          return Promise.resolve(true);
        },
      },
      settings,
      nowMs: () => nowMs,
    });
    await look(sessions);
    return found;
  };

  return async ({ user, day, beside, events, fresh }: LookedAt): Promise<void> => {
    const lastMs = events.at(-1)?.timeMs ?? 0;
    const sessions = new Set(events.slice(-fresh).map(({ session }) => session));
    const now = stores.readUserDay(user, day)?.sessionDays ?? [];
    const candidates = await alertsAbout(
      now.filter(({ session }) => sessions.has(session)),
      lastMs,
    );
    for (const candidate of candidates.filter(({ unit }) => !stores.hasAlert(unit))) {
      const first = await firstAlert(candidate, events.length - fresh, events.length, async (n) => {
        const { sessionDays } = foldUserDay(user, day, [...beside, ...events.slice(0, n)], rules);
        const alerts = await alertsAbout(sessionDays, events[n - 1]?.timeMs ?? 0);
        return alerts.find(({ id }) => id === candidate.id);
      });
      await stores.outbox.record(first, first.asOfMs);
    }
  };
}

/**
 * @param last The alert after all events.
 * @param before After so many events it need not be there; it is looked for after at least one more.
 */
async function firstAlert(
  last: Alert,
  before: number,
  after: number,
  alertAfter: (events: number) => Promise<Alert | undefined>,
): Promise<Alert> {
  let [without, within, first] = [before, after, last];
  while (within - without > 1) {
    const middle = Math.floor((without + within) / 2);
    const alert = await alertAfter(middle);
    if (alert === undefined) {
      without = middle;
    } else {
      [within, first] = [middle, alert];
    }
  }
  return first;
}
