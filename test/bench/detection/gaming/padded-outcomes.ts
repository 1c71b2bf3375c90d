import type { Random } from "../../../../infra/demo/random.ts";
import type { OutcomeEvent } from "../../../../shared/outcomes/outcome-event.ts";
import { commitOf } from "../organisation/commit-of.ts";
import { HOUR_MS, type UserWeek } from "../organisation/work.ts";
import type { Tactic } from "./tactic.ts";
import { anySession, hourOf, parts, wasteSession } from "./waste-sessions.ts";

const MOST_SPLIT = 4;

/** Changes in five to seven pull requests each, hours apart, with a session of waste for some. */
export const prSplitting: Tactic = ({ random, week, usd }) => {
  const isSplit = new Set(
    week.outcomes
      .filter(({ reverts }) => reverts === undefined)
      .slice(0, MOST_SPLIT)
      .map(({ id }) => id),
  );
  const split = week.outcomes.map((change) =>
    isSplit.has(change.id) ? splitChange(random, change) : [change],
  );
  const branches = split.flatMap((all) =>
    all.length === 1 ? [] : all.map(({ branch }) => branch ?? ""),
  );
  const extra = parts(random, usd, random.whole(3, 6)).map((partUsd, at) => {
    const branch = branches[random.whole(0, Math.max(0, branches.length - 1))];
    return wasteSession(random, week, {
      usd: partUsd,
      label: `split-${at}`,
      ...(branch === undefined ? {} : { branch }),
    });
  });
  return { ...week, sessions: [...week.sessions, ...extra], outcomes: split.flat() };
};

function splitChange(random: Random, change: OutcomeEvent): readonly OutcomeEvent[] {
  const count = random.whole(5, 7);
  const { additions = 0, deletions = 0, files = 1, ignoredLines = 0 } = change.size ?? {};
  return Array.from({ length: count }, (_, at) => ({
    ...change,
    // The first keeps the name, so that a revert of the change still finds it.
    id: at === 0 ? change.id : `${change.id}-part-${at}`,
    branch: at === 0 ? (change.branch ?? "") : `${change.branch ?? ""}-part-${at}`,
    commits: at === 0 ? change.commits : [commitOf(`${change.id} part ${at}`)],
    timeMs: Math.round(change.timeMs + at * random.between(0.3, 4) * HOUR_MS),
    size: {
      additions: share(additions, count, at),
      deletions: share(deletions, count, at),
      files: Math.max(1, share(files, count, at)),
      ignoredLines: share(ignoredLines, count, at),
    },
  }));
}

/** Parts of a whole number, that sum to it. */
function share(whole: number, count: number, at: number): number {
  return Math.floor(((at + 1) * whole) / count) - Math.floor((at * whole) / count);
}

/** Version bumps, ignored files, and the same image again: one session of waste for each few. */
export const trivialDeployments: Tactic = ({ random, week, usd }) => {
  const trivial = Array.from({ length: random.whole(4, 9) }, (_, at) =>
    trivialOutcome(random, week, at),
  );
  const extra = parts(random, usd, random.whole(2, 4)).map((partUsd, at) => {
    const branch = trivial[at]?.branch;
    return wasteSession(random, week, {
      usd: partUsd,
      label: `trivial-${at}`,
      ...(branch === undefined ? {} : { branch }),
    });
  });
  return {
    ...week,
    sessions: [...week.sessions, ...extra],
    outcomes: [...week.outcomes, ...trivial],
  };
};

function trivialOutcome(random: Random, week: UserWeek, at: number): OutcomeEvent {
  const { repository } = anySession(random, week);
  const name = `${week.user}-w${week.week}-trivial-${at}`;
  const common = {
    id: `github:${repository}#${name}`,
    timeMs: hourOf(week.week, random.whole(0, 4), random.between(10, 20)),
    user: week.user,
    repository,
    sessions: [],
    status: "succeeded",
  } as const;
  if (at % 3 === 2) {
    const artifact = `sha256:${week.user}-w${week.week}`;
    return { ...common, kind: "deployment", commits: [], environment: "production", artifact };
  }
  const lines = random.whole(1, 5);
  const ignoredLines = at % 3 === 1 ? lines : 0;
  return {
    ...common,
    kind: "change_merged",
    branch: `chore/${name}`,
    commits: [commitOf(`merge of ${name}`)],
    size: { additions: lines, deletions: 0, files: 1, ignoredLines },
  };
}

/** Dear sessions, each with one small change of its own that is merged. */
export const sessionLaundering: Tactic = ({ random, week, usd }) => {
  const laundered = parts(random, usd, random.whole(1, 2)).map((partUsd, at) => {
    const name = `${week.user}-w${week.week}-small-${at}`;
    const branch = `fix/${name}`;
    const session = wasteSession(random, week, { usd: partUsd, label: `laundry-${at}`, branch });
    return { session, change: smallChange(random, week.user, name, session) };
  });
  return {
    ...week,
    sessions: [...week.sessions, ...laundered.map(({ session }) => session)],
    outcomes: [...week.outcomes, ...laundered.map(({ change }) => change)],
  };
};

function smallChange(
  random: Random,
  user: string,
  name: string,
  session: { readonly lastMs: number; readonly repository: string; readonly branch?: string },
): OutcomeEvent {
  return {
    id: `github:${session.repository}#${name}`,
    timeMs: Math.round(session.lastMs + random.between(0.5, 6) * HOUR_MS),
    kind: "change_merged",
    user,
    repository: session.repository,
    branch: session.branch ?? "",
    commits: [commitOf(`merge of ${name}`)],
    size: { additions: random.whole(6, 22), deletions: 0, files: 1, ignoredLines: 0 },
    sessions: [],
    status: "succeeded",
  };
}
