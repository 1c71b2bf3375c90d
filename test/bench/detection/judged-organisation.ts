import type { DirectoryLookup } from "../../../shared/directory/directory.ts";
import { addDays, dayOf, startOfDay } from "../../../shared/ledger/calendar.ts";
import type { CostLine, Day, SessionDay, UserDay } from "../../../shared/ledger/roll-ups.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { addTokens, NO_TOKENS } from "../../../shared/usage/usage-event.ts";
import {
  HISTORY_WEEKS,
  type Organisation,
  sessionNanoUsd,
  TEST_WEEKS,
  type WorkSession,
  weekStartDay,
} from "./organisation/work.ts";

/** A week that is judged, and the moment from which it is looked at. */
export type TestWeek = {
  readonly week: number;
  /** First day, and the day after the last. */
  readonly from: Day;
  readonly end: Day;
  readonly asOfMs: number;
};

/** What a judge may know: ledger, outcomes and directory, but neither labels nor difficulties. */
export type JudgedOrganisation = {
  readonly userDays: readonly UserDay[];
  readonly sessionDays: readonly SessionDay[];
  readonly outcomes: readonly OutcomeEvent[];
  readonly directory: DirectoryLookup;
  readonly users: readonly string[];
  readonly testWeeks: readonly TestWeek[];
};

export type LedgerSettings = {
  /** Milliseconds from the end of a week until it is judged. */
  readonly ageMs: number;
  /** Whether calls carry fingerprints, so that repeats are seen. Billing telemetry has none. */
  readonly hasFingerprints: boolean;
};

const VERSION = { entries: 1, priceBook: "benchmark" };

export function judgedOrganisation(
  { members, weeks }: Organisation,
  { ageMs, hasFingerprints }: LedgerSettings,
): JudgedOrganisation {
  const teams = new Map(members.map(({ user, team }) => [user, team]));
  const work = weeks.flatMap(({ user, sessions }) =>
    sessions.map((session) => ({ user, session, day: dayOf(session.firstMs) })),
  );
  const entries = work.map((entry) => ({ ...entry, ...facts(entry.session, hasFingerprints) }));
  return {
    userDays: userDaysOf(entries),
    sessionDays: entries.map(sessionDayOf),
    outcomes: weeks.flatMap(({ outcomes }) => outcomes),
    users: members.map(({ user }) => user),
    directory: {
      personOf: (user) => user,
      placeOf: (user) => {
        const team = teams.get(user) ?? "unassigned";
        return { team, costCenter: "CC-1001", owner: `${team}-owner`, useCase: "feature-work" };
      },
    },
    testWeeks: Array.from({ length: TEST_WEEKS }, (_, at) => {
      const week = HISTORY_WEEKS + at;
      const from = weekStartDay(week);
      const end = addDays(from, 7);
      return { week, from, end, asOfMs: startOfDay(end) + ageMs };
    }),
  };
}

type Facts = {
  readonly costNanoUsd: bigint;
  readonly fingerprintedCalls: number;
  readonly distinctFingerprints: number;
};
type Entry = { readonly user: string; readonly day: Day; readonly session: WorkSession } & Facts;

function facts(session: WorkSession, hasFingerprints: boolean): Facts {
  const distinct = Math.max(1, Math.round(session.calls * session.distinctShare));
  return {
    costNanoUsd: BigInt(sessionNanoUsd(session)),
    fingerprintedCalls: hasFingerprints ? session.calls : 0,
    distinctFingerprints: hasFingerprints ? distinct : 0,
  };
}

function toolOf({ model }: WorkSession): string {
  return model.provider === "openai" ? "codex" : "claude-code";
}

function sessionDayOf({ user, day, session, ...counted }: Entry): SessionDay {
  return {
    user,
    day,
    session: session.id,
    tools: [toolOf(session)],
    calls: session.calls,
    unpricedCalls: 0,
    firstMs: session.firstMs,
    lastMs: session.lastMs,
    agents: session.agents,
    useCases: [],
    repositories: [session.repository],
    branches: session.branch === undefined ? [] : [session.branch],
    commits: session.commits,
    version: VERSION,
    ...counted,
  };
}

function userDaysOf(entries: readonly Entry[]): readonly UserDay[] {
  const days = Map.groupBy(entries, ({ user, day }) => `${user} ${day}`);
  return [...days.values()].flatMap((all) => {
    const [first] = all;
    return first === undefined ? [] : userDayOf(first, all);
  });
}

function userDayOf({ user, day }: Entry, all: readonly Entry[]): UserDay {
  const byModel = Map.groupBy(all, ({ session }) => session.model.model);
  return {
    user,
    day,
    calls: all.reduce((sum, { session }) => sum + session.calls, 0),
    costNanoUsd: all.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n),
    unpricedCalls: 0,
    sessions: new Set(all.map(({ session }) => session.id)).size,
    fingerprintedCalls: all.reduce((sum, entry) => sum + entry.fingerprintedCalls, 0),
    distinctFingerprints: all.reduce((sum, entry) => sum + entry.distinctFingerprints, 0),
    lines: [...byModel.values()].flatMap((same) => {
      const [first] = same;
      return first === undefined ? [] : costLine(first.session, same);
    }),
    version: VERSION,
  };
}

function costLine(session: WorkSession, same: readonly Entry[]): CostLine {
  return {
    tool: toolOf(session),
    provider: session.model.provider,
    model: session.model.model,
    calls: same.reduce((sum, entry) => sum + entry.session.calls, 0),
    tokens: same.reduce(
      (sum, entry) => addTokens(sum, { ...NO_TOKENS, ...entry.session.tokens }),
      NO_TOKENS,
    ),
    costNanoUsd: same.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n),
    unpricedCalls: 0,
    reportedBasisCalls: 0,
  };
}
