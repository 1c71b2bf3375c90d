import { type Random, randomStream } from "../../../infra/demo/random.ts";
import { type Assignment, directoryLookup } from "../../../shared/directory/directory.ts";
import { addDays, startOfDay } from "../../../shared/ledger/calendar.ts";
import { PackedSessionDays } from "../../../shared/ledger/packed/packed-session-days.ts";
import { PackedUserDays } from "../../../shared/ledger/packed/packed-user-days.ts";
import type { Day, SessionDay, UserDay } from "../../../shared/ledger/roll-ups.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import type { JudgeNightInput } from "../../../shared/scoring/judge-night.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";
import { someSettings } from "../../support/settings.ts";

export const WEEKS = 10;
/** Of a person and week: three on one day and two on another, as two tasks. */
const SESSIONS_PER_TASK = [3, 2] as const;
export const SESSIONS_PER_PERSON = WEEKS * SESSIONS_PER_TASK.reduce((a, b) => a + b, 0);

const END: Day = "2026-11-16";
const DAYS = Array.from({ length: WEEKS * 7 }, (_, at) => addDays(END, at - WEEKS * 7));
const PEOPLE_PER_TEAM = 10;
const HOUR_MS = 3_600_000;
const CHANGE_PER_TASK = 0.6;
const REVERTED = 0.01;
const LONGEST_DELAY_MS = 120 * HOUR_MS;
/** How sessions and changes are linked: by branch, by commit, and else by person and time only. */
const BY_BRANCH = 0.7;
const BY_COMMIT = 0.9;
/** Of people in the last week: many times the calls, and nothing delivered. */
const WASTEFUL = 0.005;
/** Of teams in the last week: everything twice as dear. */
const DEARER_TEAMS = 0.01;

const VERSION = { entries: 1, priceBook: "benchmark" };
const TOOLS = ["claude-code"];
const NONE: readonly string[] = [];

/** A night to judge: ten weeks of made-up people, the same for the same number of them. */
export function nightInput(people: number): JudgeNightInput {
  const random = randomStream(1, "scoring");
  const history: History = {
    userDays: new PackedUserDays(),
    sessionDays: new PackedSessionDays(),
    outcomes: [],
  };
  const assignments: Assignment[] = [];
  for (let first = 0; first < people; first += PEOPLE_PER_TEAM) {
    const team = { number: first / PEOPLE_PER_TEAM, isDearer: random.chance(DEARER_TEAMS) };
    for (let at = first; at < Math.min(people, first + PEOPLE_PER_TEAM); at += 1) {
      const user = `user-${String(at).padStart(6, "0")}`;
      addPerson(history, random, { user, at, isDearer: team.isDearer });
      assignments.push(assignmentOf(user, `team-${team.number}`));
    }
  }
  return {
    userDays: history.userDays.values,
    sessionDays: history.sessionDays.values,
    outcomes: history.outcomes,
    asOfMs: startOfDay(END) + 6 * HOUR_MS,
    directory: directoryLookup({ aliases: new Map(), assignments }),
    settings: someSettings(),
  };
}

function assignmentOf(user: string, team: string): Assignment {
  return {
    user,
    team,
    costCenter: "CC-1001",
    owner: "platform-owner",
    useCase: "feature-work",
    effectiveFrom: "2026-01-01",
  };
}

type Person = { readonly user: string; readonly at: number; readonly isDearer: boolean };

function addPerson(history: History, random: Random, { user, at, isDearer }: Person): void {
  const isWasteful = random.chance(WASTEFUL);
  const habit = 0.3 * random.normal();
  const repositories = [`acme/service-${Math.floor(at / PEOPLE_PER_TEAM)}`];
  for (let week = 0; week < WEEKS; week += 1) {
    const isLast = week === WEEKS - 1;
    const traits = {
      habit: habit + (isLast && isDearer ? Math.LN2 : 0),
      waste: isLast && isWasteful ? 5 : 1,
    };
    for (const [task, sessions] of SESSIONS_PER_TASK.entries()) {
      const day = DAYS[week * 7 + ((at + 2 * task) % 5)] ?? END;
      addTask(history, random, { user, repositories, ...traits, day, sessions });
    }
  }
}

type History = {
  readonly userDays: PackedUserDays;
  readonly sessionDays: PackedSessionDays;
  readonly outcomes: OutcomeEvent[];
};

type Task = {
  readonly user: string;
  readonly repositories: readonly string[];
  readonly habit: number;
  readonly waste: number;
  readonly day: Day;
  readonly sessions: number;
};

/** A day's sessions on one task, and with some luck the change that comes of it. */
function addTask({ userDays, sessionDays, outcomes }: History, random: Random, task: Task): void {
  const link = random.unit();
  const branch = flat(`feat/task-${sessionDays.values.length}`);
  const branches = link < BY_BRANCH ? [branch] : NONE;
  const commits = link >= BY_BRANCH && link < BY_COMMIT ? [sessionId(random)] : NONE;
  const sessions = Array.from({ length: task.sessions }, (_, at) =>
    sessionOf(random, task, { at, branches, commits: at === 0 ? commits : NONE }),
  );
  for (const session of sessions) {
    sessionDays.add(session);
  }
  userDays.add(userDayOf(sessions, task.day));
  if (task.waste === 1 && random.chance(CHANGE_PER_TASK)) {
    const change = changeOf(random, task, { number: outcomes.length, branch, commits });
    outcomes.push(change);
    if (random.chance(REVERTED)) {
      outcomes.push(revertOf(change, outcomes.length));
    }
  }
}

type ChangeOf = Pick<OutcomeEvent, "commits"> & {
  readonly number: number;
  readonly branch: string;
};

function changeOf(
  random: Random,
  { user, repositories, day }: Task,
  { number, branch, commits }: ChangeOf,
): OutcomeEvent {
  return {
    id: flat(`github:acme/web#${number}`),
    timeMs: startOfDay(day) + 18 * HOUR_MS + Math.floor(random.unit() * LONGEST_DELAY_MS),
    kind: "change_merged",
    user,
    repository: repositories[0] ?? "",
    branch,
    commits,
    size: {
      additions: Math.ceil(random.logNormal(80, 1)),
      deletions: 0,
      files: 2,
      ignoredLines: 0,
    },
    sessions: NONE,
    status: "succeeded",
  };
}

/** Two days later. */
function revertOf(change: OutcomeEvent, number: number): OutcomeEvent {
  return {
    ...change,
    id: flat(`github:acme/web#${number}`),
    timeMs: change.timeMs + 48 * HOUR_MS,
    branch: flat(`revert-${number}`),
    commits: NONE,
    reverts: change.id,
  };
}

type SessionOf = Pick<SessionDay, "branches" | "commits"> & { readonly at: number };

function sessionOf(
  random: Random,
  { user, repositories, habit, waste, day }: Task,
  { at, branches, commits }: SessionOf,
): SessionDay {
  const calls = Math.max(1, Math.round(random.logNormal(60, 0.4) * waste));
  const usd = calls * 0.15 * Math.exp(habit) * random.logNormal(1, 0.35);
  const firstMs = startOfDay(day) + (8 + 3 * at) * HOUR_MS + Math.floor(random.unit() * HOUR_MS);
  return {
    user,
    day,
    session: sessionId(random),
    tools: TOOLS,
    calls,
    costNanoUsd: BigInt(Math.round(usd * 1e9)),
    unpricedCalls: 0,
    firstMs,
    lastMs: firstMs + HOUR_MS,
    agents: 0,
    fingerprintedCalls: calls,
    distinctFingerprints: Math.ceil(calls * random.between(0.9, 1)),
    useCases: NONE,
    repositories,
    branches,
    commits,
    version: VERSION,
  };
}

/** 16 hexadecimal digits, in two draws: there are a million of them. */
function sessionId(random: Random): string {
  const part = () => Math.floor(random.unit() * 4_294_967_296);
  return Buffer.from(Uint32Array.of(part(), part()).buffer).toString("hex");
}

/** A text in one piece, as what is read from a table is; a template's is a tree of its parts. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}

function userDayOf(sessions: readonly SessionDay[], day: Day): UserDay {
  const sum = (of: (session: SessionDay) => number) =>
    sessions.reduce((total, session) => total + of(session), 0);
  const calls = sum((session) => session.calls);
  const costNanoUsd = sessions.reduce((total, session) => total + session.costNanoUsd, 0n);
  return {
    user: sessions[0]?.user ?? "",
    day,
    calls,
    costNanoUsd,
    unpricedCalls: 0,
    sessions: sessions.length,
    fingerprintedCalls: calls,
    distinctFingerprints: sum((session) => session.distinctFingerprints),
    lines: [
      {
        tool: "claude-code",
        provider: "anthropic",
        model: "claude-sonnet-4-5",
        calls,
        tokens: {
          ...NO_TOKENS,
          uncachedInput: 2_000 * calls,
          cacheRead: 20_000 * calls,
          output: 900 * calls,
        },
        costNanoUsd,
        unpricedCalls: 0,
        reportedBasisCalls: 0,
      },
    ],
    version: VERSION,
  };
}
