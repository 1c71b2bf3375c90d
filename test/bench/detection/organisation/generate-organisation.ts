import { type Random, randomStream } from "../../../../infra/demo/random.ts";
import type { OutcomeEvent } from "../../../../shared/outcomes/outcome-event.ts";
import { commitOf } from "./commit-of.ts";
import { drawSession } from "./draw-session.ts";
import { changeOf, revertOf } from "./merged-change.ts";
import { drawPeople, drawWeeks, type Person, type WeekKind } from "./people.ts";
import { type PricedModel, USUAL } from "./priced-models.ts";
import { tokensWorth } from "./session-tokens.ts";
import { type TaskDifficulties, taskDifficulties } from "./task-difficulty.ts";
import { HISTORY_WEEKS, type Organisation, type UserWeek, type WorkSession } from "./work.ts";
import { sessionTimes } from "./work-times.ts";

export type OrganisationSettings = {
  readonly seed: number;
  /** Share of user-weeks with a launch. */
  readonly launchShare: number;
  /** Median hours from the last session of a task to the merge. */
  readonly mergeLagHours: number;
  /** What one team pays for a dollar at list price from the middle of the test on. */
  readonly priceChange?: number;
};

/** Tries after which a task is given up. */
const MOST_TRIES = 4;
const REVERTED = 0.03;
const PRICE_CHANGE_WEEK = HISTORY_WEEKS + 3;
const PRICE_CHANGE_TEAM = "team-payments";

/**
 * An organisation in which nobody games: 80 people, ten weeks of history and six of test. The same
 * settings give the same one, and no person's draws depend on another's.
 */
export function generateOrganisation(settings: OrganisationSettings): Organisation {
  const people = drawPeople(settings.seed);
  const difficulties = taskDifficulties(settings.seed);
  return {
    seed: settings.seed,
    members: people.map(({ user, team }) => ({ user, team })),
    weeks: people.flatMap((person) => weeksOf(person, settings, difficulties)),
  };
}

type Task = {
  readonly name: string;
  readonly difficulty: number;
  readonly isOpenEnded: boolean;
  readonly branch?: string;
  readonly tries: number;
};

function weeksOf(
  person: Person,
  settings: OrganisationSettings,
  difficulties: TaskDifficulties,
): readonly UserWeek[] {
  const random = randomStream(settings.seed, `work of ${person.user}`);
  const kinds = drawWeeks(
    randomStream(settings.seed, `weeks of ${person.user}`),
    person,
    settings.launchShare,
  );
  let task: Task | undefined;
  return kinds.map((kind, week) => {
    const sessions: WorkSession[] = [];
    const outcomes: OutcomeEvent[] = [];
    const count = kind.pace === 0 ? 0 : random.count(person.sessionsPerWeek * kind.pace);
    for (const [at, times] of sessionTimes(random, person, week, count).entries()) {
      task ??= newTask(random, person, { week, at, kind }, difficulties);
      const model = pickModel(random, person);
      const draw = drawSession(random, model, task);
      const session = sessionOf(random, person, { task, model, draw, times, week, settings });
      sessions.push(session);
      if (draw.succeeds && !task.isOpenEnded) {
        outcomes.push(...delivered(random, person, session, task, settings));
      }
      task = nextTask(random, task, draw.succeeds);
    }
    return { user: person.user, week, sessions, outcomes };
  });
}

/** The same task with a try more; `undefined` once it is done or given up. */
function nextTask(random: Random, task: Task, succeeded: boolean): Task | undefined {
  const tries = task.tries + 1;
  const isOver = task.isOpenEnded ? random.chance(0.5) : succeeded || tries >= MOST_TRIES;
  return isOver ? undefined : { ...task, tries };
}

function newTask(
  random: Random,
  person: Person,
  { week, at, kind }: { week: number; at: number; kind: WeekKind },
  difficulties: TaskDifficulties,
): Task {
  const name = `${person.user}-w${week}-${at}`;
  const isOpenEnded = random.chance(person.research + kind.incidents);
  const difficulty = difficulties.draw(random, person.team, week, person.hardTilt);
  const isLinked = random.chance(person.linked);
  return {
    name,
    difficulty,
    isOpenEnded,
    tries: 0,
    ...(isLinked ? { branch: `feat/${name}` } : {}),
  };
}

type SessionPlan = {
  readonly task: Task;
  readonly model: PricedModel;
  readonly draw: { readonly usd: number; readonly calls: number };
  readonly times: { readonly firstMs: number };
  readonly week: number;
  readonly settings: OrganisationSettings;
};

const LONGEST_SESSION_MS = 6 * 3_600_000;

function sessionOf(random: Random, person: Person, plan: SessionPlan): WorkSession {
  const { task, model, draw, times, week, settings } = plan;
  const usd = draw.usd * Math.exp(person.costHabit);
  const isRepriced = person.team === PRICE_CHANGE_TEAM && week >= PRICE_CHANGE_WEEK;
  const lastsMs = Math.min(LONGEST_SESSION_MS, draw.calls * random.logNormal(40_000, 0.4));
  return {
    id: `${task.name}-${task.tries}`,
    firstMs: times.firstMs,
    lastMs: Math.round(times.firstMs + lastsMs),
    model,
    calls: draw.calls,
    tokens: tokensWorth(random, model, usd, person.mix),
    priceFactor: isRepriced ? (settings.priceChange ?? 1) : 1,
    agents: person.agents === 0 ? 0 : random.count(person.agents),
    distinctShare: 1 - 0.08 * random.unit(),
    repository: `acme/${person.team.slice(5)}`,
    ...(task.branch === undefined ? {} : { branch: task.branch }),
    commits: task.branch === undefined ? [] : [commitOf(`${task.name}-${task.tries}`)],
    difficulty: task.difficulty,
  };
}

function delivered(
  random: Random,
  person: Person,
  session: WorkSession,
  task: Task,
  { mergeLagHours }: OrganisationSettings,
): readonly OutcomeEvent[] {
  const change = changeOf(random, {
    user: person.user,
    session,
    name: task.name,
    // A merge without a known branch still has one: it is the sessions that do not say it.
    branch: task.branch ?? `feat/${task.name}`,
    lagHours: mergeLagHours,
  });
  return random.chance(REVERTED) ? [change, revertOf(random, change)] : [change];
}

function pickModel(random: Random, { models }: Person): PricedModel {
  let left = random.unit();
  for (const [model, share] of models) {
    left -= share;
    if (left < 0) {
      return model;
    }
  }
  return USUAL;
}
