import { type ScoredNight, scoreNight } from "../../functions/score-sessions/score-sessions.ts";
import type { Alert } from "../../shared/alerts/alert.ts";
import {
  type Directory,
  type DirectoryLookup,
  directoryLookup,
} from "../../shared/directory/directory.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { neighboursOf } from "../../shared/ledger/across-midnight.ts";
import { addDays, DAY_MS, startOfDay } from "../../shared/ledger/calendar.ts";
import { type FoldRules, foldUserDay } from "../../shared/ledger/fold-user-day.ts";
import { grainAuthority } from "../../shared/ledger/grain-authority.ts";
import { byTime } from "../../shared/ledger/one-per-call.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import type { StoredSessionScore } from "../../shared/ports/session-scores.ts";
import type { PriceBook } from "../../shared/pricing/price-book.ts";
import type { UsageEvent, UserPseudonym } from "../../shared/usage/usage-event.ts";
import type { GivenAnswer } from "./read-answers.ts";
import { replayStores } from "./replay-stores.ts";
import { type LookedAt, sessionWatch } from "./session-watch.ts";

/** Each person's calls of one day. */
export type UsageOfDay = ReadonlyMap<UserPseudonym, readonly UsageEvent[]>;

export type ReplayInput = {
  readonly settings: Settings;
  readonly priceBook: PriceBook;
  readonly directory: Directory;
  /** In order of time. */
  readonly outcomes: readonly OutcomeEvent[];
  /** In order of time. */
  readonly answers: readonly GivenAnswer[];
  /** When the night is scored, in milliseconds after midnight UTC. */
  readonly scoredAtMs: number;
};

/** Days that are lived through once more, one after the other. */
export type Replay = {
  /**
   * A day as it was: calls until the night's run, the run, the rest of the calls. Running sessions are
   * watched call by call.
   *
   * @param isScored Without, the day is only learnt from.
   */
  readonly day: (
    day: Day,
    usage: UsageOfDay,
    isScored: boolean,
  ) => Promise<ScoredNight | undefined>;
  /** In the order in which they were decided. */
  readonly alerts: () => readonly Alert[];
  /** What was told of them at later ages. */
  readonly followUps: () => readonly Alert[];
  /** Of each session, the last score that was stored for it. */
  readonly sessionScores: () => readonly StoredSessionScore[];
  /** Calls without a price so far. */
  readonly unpricedCalls: () => number;
};

/**
 * Replays what happened through the program that is deployed: the fold of the ledger, the nightly
 * scoring with its quiet days, the watch over running sessions. Only the stores and the clock differ.
 */
export function startReplay(input: ReplayInput): Replay {
  const { settings, priceBook, scoredAtMs } = input;
  let clockMs = 0;
  const nowMs = () => clockMs;
  const stores = replayStores(input, nowMs);
  const rules: FoldRules = { priceBook, authority: grainAuthority(settings.authorities) };
  const lookup = directoryLookup(input.directory);
  const watch = sessionWatch({ stores, rules, directory: lookup, settings });
  const night = {
    ...stores,
    directory: { read: () => Promise.resolve(input.directory) },
    settings,
    nowMs,
  };
  // A call that is told of on both sides of a midnight is of the earlier day: both days are folded.
  let before: UsageOfDay = new Map();
  /** Stores what a person's day has come to, and looks at its sessions. */
  const advance = async (day: Day, usage: UsageOfDay, sinceMs: number, untilMs: number) => {
    for (const [user, events] of usage) {
      const known = events.filter(({ timeMs }) => timeMs < untilMs);
      const fresh = known.filter(({ timeMs }) => timeMs >= sinceMs).length;
      if (fresh > 0) {
        await lookAt({ user, day, beside: besideOf(user, day, known), events: known, fresh });
      }
    }
  };
  const besideOf = (user: UserPseudonym, day: Day, known: readonly UsageEvent[]) =>
    neighboursOf(day, known).includes(addDays(day, -1)) ? (before.get(user) ?? []) : [];
  const lookAt = async (looked: LookedAt) => {
    const { user, day, beside, events } = looked;
    const entries = [...beside, ...events];
    if (beside.length > 0) {
      stores.putUserDay(foldUserDay(user, addDays(day, -1), entries, rules));
    }
    stores.putUserDay(foldUserDay(user, day, entries, rules));
    await watch(looked);
  };
  return {
    day: async (day, usageByName, isScored) => {
      const usage = byPerson(usageByName, lookup);
      const startMs = startOfDay(day);
      const endMs = startMs + DAY_MS;
      const inOrder = new Map([...usage].map(([user, events]) => [user, events.toSorted(byTime)]));
      await advance(day, inOrder, startMs, startMs + scoredAtMs);
      clockMs = startMs + scoredAtMs;
      const scored = isScored ? await scoreNight(night, clockMs) : undefined;
      await advance(day, inOrder, startMs + scoredAtMs, endMs);
      before = inOrder;
      return scored;
    },
    alerts: stores.alerts,
    followUps: stores.followUps,
    sessionScores: stores.storedScores,
    unpricedCalls: stores.unpricedCalls,
  };
}

/** The calls of each person under one name: one that several names state counts once, as in the ledger's roll-ups. */
function byPerson(usage: UsageOfDay, { personOf }: DirectoryLookup): UsageOfDay {
  const named = [...usage].flatMap(([name, events]) => {
    const user = personOf(name);
    return events.map((event) => ({ ...event, user }));
  });
  return Map.groupBy(named, ({ user }) => user);
}
