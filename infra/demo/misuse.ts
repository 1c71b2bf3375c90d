import { DAY_MS, HOUR_MS, MINUTE_MS, weekStartMs } from "./calendar.ts";
import type { Model } from "./model-calls.ts";
import { burstTimes } from "./model-calls.ts";
import { fate } from "./ordinary-work.ts";
import type { Person } from "./people.ts";
import type { Random } from "./random.ts";
import { randomStream } from "./random.ts";
import type { SpecialCase, SpecialWork } from "./special-work.ts";
import { repeatCalls, special } from "./special-work.ts";
import type { ChangeDraft, Session } from "./work.ts";

/** How an agent that is left alone polls. */
type Polling = {
  readonly model: Model;
  readonly callsPerNight: number;
  readonly everyMs: number;
  /** Tokens that each call needs as context. */
  readonly context: number;
};

/** What Anthropic keeps a prompt in its cache for, unless asked otherwise. */
const CACHED_FOR_MS = 5 * MINUTE_MS;

/**
 * An agent left polling overnight: near-equal calls at a near-constant pace, and nothing to show.
 * One that polls more seldom than the cache lasts pays for its whole context every time.
 */
function idleLoop(at: SpecialCase, polling: Polling): SpecialWork {
  return special(
    at,
    { kind: "idle-loop", waste: true, note: "an agent left polling overnight: no outcome" },
    (seed, person) => {
      const random = randomStream(seed, `idle loop ${at.login} ${at.fromMs}`);
      const { callsPerNight, context, everyMs, model } = polling;
      const isCached = everyMs < CACHED_FOR_MS;
      const sessions = Array.from({ length: at.days }, (_, night) => {
        const startMs = at.fromMs + night * DAY_MS + 20 * HOUR_MS + random.whole(0, 40) * MINUTE_MS;
        const times = Array.from(
          { length: callsPerNight },
          (_each, index) => startMs + index * everyMs + random.whole(0, 6_000),
        );
        const tokens = () => {
          const turn = random.whole(850, 950);
          return {
            input: random.whole(4, 7),
            cacheRead: isCached ? context : 0,
            cacheWrite: isCached ? turn : context + turn,
            output: random.whole(170, 190),
          };
        };
        return repeatCalls(random, person, { model, times, tokens });
      });
      return { sessions, changes: [] };
    },
  );
}

/** Sub-agents sent on read-only chores that nobody asked for: many calls a session, no delivery. */
function needlessAgents(at: SpecialCase): SpecialWork {
  return special(
    at,
    { kind: "needless-agents", waste: true, note: "sub-agents on read-only chores: no outcome" },
    (seed, person) => {
      const random = randomStream(seed, `needless agents ${at.login} ${at.fromMs}`);
      const sessions = Array.from({ length: at.days * 2 }, (_, part) => {
        const startMs = at.fromMs + Math.floor(part / 2) * DAY_MS + (9 + (part % 2) * 5) * HOUR_MS;
        const agents = Array.from({ length: 6 }, () => random.hex(16));
        return repeatCalls(random, person, {
          model: "claude-sonnet-4-5",
          times: burstTimes(random, startMs + random.whole(0, 50) * MINUTE_MS, 70),
          tokens: () => ({
            input: random.whole(5, 60),
            cacheRead: random.whole(40_000, 70_000),
            cacheWrite: random.whole(18_000, 26_000),
            output: random.whole(700, 1_300),
          }),
          agent: (index) => agents[index % agents.length] ?? "agent",
        });
      });
      return { sessions, changes: [] };
    },
  );
}

/** The dearest model with whole documents pasted in, to change two lines. */
function dearModel(at: SpecialCase): SpecialWork {
  const note = "documents pasted into the dearest model: one commit of two lines";
  return special(at, { kind: "dear-model", waste: true, note }, (seed, person) => {
    const random = randomStream(seed, `dear model ${at.login} ${at.fromMs}`);
    const branch = `fix/${person.team.key.toLowerCase()}-${random.whole(9_000, 9_999)}`;
    const sessions = Array.from({ length: at.days * 2 }, (_, part) => {
      const startMs = at.fromMs + Math.floor(part / 2) * DAY_MS + (9 + (part % 2) * 4) * HOUR_MS;
      return repeatCalls(random, person, {
        model: "claude-opus-4-5",
        times: burstTimes(random, startMs + random.whole(0, 90) * MINUTE_MS, random.whole(5, 8)),
        tokens: () => ({
          input: random.whole(3_000, 9_000),
          cacheRead: random.whole(12_000, 30_000),
          cacheWrite: random.whole(120_000, 150_000),
          output: random.whole(900, 1_800),
        }),
      });
    });
    const trivial = trivialChange(random, person, branch, at);
    return { sessions: withCommit(sessions, branch, trivial), changes: [trivial] };
  });
}

function trivialChange(
  random: Random,
  person: Person,
  branch: string,
  at: SpecialCase,
): ChangeDraft {
  const openedMs = at.fromMs + DAY_MS + 16 * HOUR_MS;
  return {
    author: person,
    repository: `acme/${person.team.repositories[0]}`,
    title: `${branch.slice(4).toUpperCase()}: reword a message`,
    branch,
    headSha: random.hex(40),
    mergeSha: random.hex(40),
    commits: 1,
    additions: 1,
    deletions: 1,
    files: 1,
    openedMs,
    ...fate(random, openedMs, true),
  };
}

/** The last session before the change was opened made its one commit. */
function withCommit(sessions: Session[], branch: string, change: ChangeDraft): readonly Session[] {
  const makes = sessions.findLast((session) => (session.calls[0]?.timeMs ?? 0) < change.openedMs);
  const timeMs = (makes?.calls.at(-1)?.timeMs ?? change.openedMs) + 900;
  return sessions.map((session) =>
    session === makes
      ? { ...session, branch, commits: [{ sha: change.headSha, timeMs }], succeeded: true }
      : session,
  );
}

/**
 * Every case of waste in the demo, all in its last four weeks: what was reported from companies with
 * usage leaderboards. This file knows nothing of how spend is scored.
 */
export const MISUSES: readonly SpecialWork[] = [
  dearModel({ login: "user-029", fromMs: weekStartMs(9), days: 5, usual: 0 }),
  idleLoop(
    { login: "user-007", fromMs: weekStartMs(10), days: 3, usual: 0.6 },
    { model: "claude-opus-4-5", callsPerNight: 95, everyMs: 6 * MINUTE_MS, context: 66_000 },
  ),
  needlessAgents({ login: "user-018", fromMs: weekStartMs(11), days: 4, usual: 0.2 }),
  dearModel({ login: "user-034", fromMs: weekStartMs(11), days: 5, usual: 0 }),
  dearModel({ login: "user-034", fromMs: weekStartMs(12), days: 5, usual: 0 }),
  idleLoop(
    { login: "user-022", fromMs: weekStartMs(12) + DAY_MS, days: 4, usual: 0.6 },
    { model: "claude-sonnet-4-5", callsPerNight: 220, everyMs: 150_000, context: 118_000 },
  ),
];
