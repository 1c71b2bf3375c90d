import {
  DAY_MS,
  ENDS_MS,
  HOUR_MS,
  isWeekend,
  MINUTE_MS,
  nextOfficeMoment,
  STARTS_MS,
} from "./calendar.ts";
import type { Model } from "./model-calls.ts";
import { burstTimes, callsForCost, MODELS, requestId, tokensForCost } from "./model-calls.ts";
import type { Person } from "./people.ts";
import type { Random } from "./random.ts";
import { randomStream } from "./random.ts";
import type { Season } from "./seasons.ts";
import { seasonAt } from "./seasons.ts";
import type { SessionStatistics } from "./session-statistics.ts";
import { drawSession } from "./session-statistics.ts";
import type { ChangeDraft, Commit, Session, Work } from "./work.ts";
import { sessionEndMs } from "./work.ts";

/**
 * A person's session does more than the one small issue of a public benchmark, and is attended. Four
 * times the board's cost puts a working day within the $13 on average that Anthropic publishes for
 * Claude Code.
 */
export const COST_SCALE = 4;
const FAVOURITE_SHARE = 0.8;
/** Questions, reviews, experiments: sessions outside any branch. */
const NO_BRANCH_SHARE = 0.12;
const GIVES_UP_AFTER = 4;
const MEDIAN_MERGE_LAG_MS = 20 * HOUR_MS;
const MEDIAN_DEPLOYMENT_LAG_MS = 90 * MINUTE_MS;
const DEPLOYED_SHARE = 0.85;
const NEVER_CLOSED_SHARE = 0.03;
const REJECTED_SHARE = 0.04;

/** A task on its way: a branch, and how many more successful sessions it takes. */
type Task = {
  readonly branch: string;
  readonly title: string;
  readonly repository: string;
  readonly difficulty: number;
  readonly takes: number;
  done: number;
  failures: number;
  readonly commits: Commit[];
};

/** Twelve weeks of one person's honest work. */
export function ordinaryWork(
  seed: number,
  person: Person,
  statistics: SessionStatistics,
  seasons: readonly Season[],
): Work {
  const random = randomStream(seed, `work ${person.login}`);
  const sessions: Session[] = [];
  const changes: ChangeDraft[] = [];
  let issue = 100 + Number(person.login.slice(-3)) * 100;
  let task = newTask(random, person, issue);
  for (const startMs of sessionStarts(random, person, seasons)) {
    const season = seasonAt(seasons, startMs);
    const onTask = random.chance(NO_BRANCH_SHARE) ? undefined : task;
    const session = runSession(random, person, statistics, season, startMs, onTask);
    sessions.push(session);
    if (onTask !== undefined && isOver(task, session)) {
      changes.push(...closeTask(random, person, task, sessionEndMs(session)));
      issue += 1;
      task = newTask(random, person, issue);
    }
  }
  return { sessions, changes };
}

function* sessionStarts(
  random: Random,
  person: Person,
  seasons: readonly Season[],
): Generator<number> {
  for (let dayMs = STARTS_MS; dayMs < ENDS_MS; dayMs += DAY_MS) {
    const works = isWeekend(dayMs) ? random.chance(person.weekendShare) : true;
    const mean = works ? person.sessionsPerDay * seasonAt(seasons, dayMs).sessions : 0;
    const count = random.count(mean);
    const starts = Array.from({ length: count }, () => random.between(8 * HOUR_MS, 17.5 * HOUR_MS));
    if (dayMs >= person.joinsMs) {
      yield* starts.sort((a, b) => a - b).map((sinceMidnight) => dayMs + sinceMidnight);
    }
  }
}

function runSession(
  random: Random,
  person: Person,
  statistics: SessionStatistics,
  season: Omit<Season, "fromMs" | "toMs">,
  startMs: number,
  task: Task | undefined,
): Session {
  const model = chooseModel(random, person);
  const draw = drawSession(random, statistics, person.agents[model], {
    difficulty: task?.difficulty ?? random.normal(),
    scale: COST_SCALE * person.costFactor * season.cost,
    logOdds: person.skill + season.logOdds,
  });
  const count = callsForCost(model, draw.calls, draw.costUsd);
  const tokens = tokensForCost(random, model, count, draw.costUsd);
  const times = burstTimes(random, startMs, count);
  const calls = tokens.map((each, index) => ({
    id: requestId(random),
    timeMs: times[index] ?? startMs,
    model,
    tokens: each,
  }));
  const lastMs = calls.at(-1)?.timeMs ?? startMs;
  const commits =
    task !== undefined && (draw.succeeds || random.chance(0.4))
      ? [{ sha: random.hex(40), timeMs: lastMs + random.whole(200, 1_500) }]
      : [];
  return {
    id: random.uuid(),
    person,
    calls,
    ...(task !== undefined && { branch: task.branch }),
    commits,
    drawnCostUsd: draw.costUsd,
    succeeded: draw.succeeds,
  };
}

function chooseModel(random: Random, person: Person): Model {
  return random.chance(FAVOURITE_SHARE) ? person.favourite : random.pick(MODELS);
}

function newTask(random: Random, person: Person, issue: number): Task {
  const key = `${person.team.key}-${issue}`;
  const share = random.unit();
  return {
    branch: `feat/${key.toLowerCase()}`,
    title: `${key}: ${random.pick(VERBS)} ${random.pick(SUBJECTS)}`,
    repository: `acme/${random.pick(person.team.repositories)}`,
    difficulty: random.normal(),
    takes: share < 0.6 ? 1 : share < 0.85 ? 2 : 3,
    done: 0,
    failures: 0,
    commits: [],
  };
}

/** Books a session on its task. True when the task is done or given up. */
function isOver(task: Task, session: Session): boolean {
  task.commits.push(...session.commits);
  if (session.succeeded) {
    task.done += 1;
  } else {
    task.failures += 1;
  }
  return task.done >= task.takes || task.failures >= GIVES_UP_AFTER;
}

function closeTask(random: Random, person: Person, task: Task, endMs: number): ChangeDraft[] {
  const head = task.commits.at(-1);
  if (head === undefined) {
    return [];
  }
  const done = task.done >= task.takes;
  const additions = Math.round(random.logNormal(60 * task.takes, 0.8)) + 8;
  const openedMs = endMs + random.whole(5, 60) * MINUTE_MS;
  return [
    {
      author: person,
      repository: task.repository,
      title: task.title,
      branch: task.branch,
      headSha: head.sha,
      mergeSha: random.hex(40),
      commits: task.commits.length,
      additions,
      deletions: Math.round(additions * random.between(0.05, 0.6)),
      files: 1 + random.count(1 + Math.log2(additions) / 2),
      openedMs,
      ...fate(random, openedMs, done),
    },
  ];
}

/** Merged and most often deployed, rejected, or left open. */
export function fate(
  random: Random,
  openedMs: number,
  done: boolean,
): Pick<ChangeDraft, "closes" | "deployed"> {
  const share = random.unit();
  const lag = random.logNormal(MEDIAN_MERGE_LAG_MS, 0.9);
  const timeMs = nextOfficeMoment(openedMs + lag);
  if (!done || share < REJECTED_SHARE) {
    return { closes: { timeMs, merged: false } };
  }
  if (share < REJECTED_SHARE + NEVER_CLOSED_SHARE) {
    return {};
  }
  const deployedMs = timeMs + random.logNormal(MEDIAN_DEPLOYMENT_LAG_MS, 0.7);
  const deployed = { timeMs: deployedMs, id: random.whole(100_000_000, 999_999_999) };
  return {
    closes: { timeMs, merged: true },
    ...(random.chance(DEPLOYED_SHARE) && { deployed }),
  };
}

const VERBS = ["add", "fix", "speed up", "simplify", "extend", "validate", "retry"] as const;
const SUBJECTS = [
  "address form",
  "price rounding",
  "index refresh",
  "login redirect",
  "request timeouts",
  "empty results",
  "image upload",
  "rate limits",
] as const;
