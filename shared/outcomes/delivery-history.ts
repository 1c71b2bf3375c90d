import { daysBetween } from "../ledger/calendar.ts";
import type { Day, SessionDay } from "../ledger/roll-ups.ts";
import { countBelow } from "../order-statistics.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { type DeliveryUnit, MICRO_UNITS_PER_UNIT } from "./delivery-unit.ts";
import { type EarnCredit, type EarnedCredits, earnedCredits } from "./earned-credits.ts";
import type { EarningRules, UnitKind, UseCaseWeights } from "./earning.ts";
import { filesOfChanges } from "./files-of-changes.ts";
import { fullUnitLines } from "./full-unit-lines.ts";
import { KeptLinks } from "./kept-links.ts";
import type { OutcomeEvent } from "./outcome-event.ts";
import { byTimeAndId, type OutcomeNode, outcomeGraph } from "./outcome-graph.ts";
import { pushTo } from "./outcome-index.ts";
import { type OutcomeCredit, outcomeCreditsAt } from "./session-credits.ts";
import { type SessionFact, sessionFacts, sessionIndex } from "./session-index.ts";
import { type SmallTasksByUser, smallTasksByUser } from "./small-tasks.ts";
import { standingOf } from "./standing.ts";
import { type TaskGroup, taskGroups } from "./task-groups.ts";
import { sizedTask } from "./task-size.ts";
import { type TaskTimeline, taskTimeline } from "./task-timeline.ts";
import { unitAsOf } from "./unit-as-of.ts";

export type DeliverySettings = {
  /** Days that a delivered change has to survive before it counts as survived. */
  readonly survivalDays: number;
  readonly productionEnvironments: readonly string[];
};

export type DeliveryInput = {
  readonly outcomes: readonly OutcomeEvent[];
  readonly sessions: readonly SessionDay[];
  readonly settings: DeliverySettings;
  /** The person behind a pseudonym; by default each pseudonym is a person. */
  readonly personOf?: (user: UserPseudonym) => UserPseudonym;
  /** What a unit is for a person's team; `shipped-change` by default. */
  readonly unitOf?: (user: UserPseudonym) => UnitKind;
  /** A person's team, which says what a full unit is; by default nobody has one. */
  readonly teamOf?: (user: UserPseudonym) => string | undefined;
  /** Of the registered use cases; by default none is registered, and each earns one unit. */
  readonly useCaseWeights?: UseCaseWeights;
};

type CreditHistory = {
  /**
   * Units that each person's sessions on the days `[from, to)` had earned as of a moment. Who
   * earned nothing is absent.
   */
  readonly creditByUser: (from: Day, to: Day, asOfMs: number) => ReadonlyMap<UserPseudonym, number>;
};

/**
 * Delivered work, as it was known at any moment. Scoring compares windows at equal age, so it asks
 * about many moments: the outcomes are linked and grouped once.
 */
export type DeliveryHistory = CreditHistory & {
  /**
   * Every task that has an outcome by then, in order of its first outcome. They are made one by one,
   * as all of them together take memory.
   */
  readonly unitsAsOf: (asOfMs: number) => Iterable<DeliveryUnit>;
  /** Tells what session-days had earned of each task as of a moment. */
  readonly eachEarned: (asOfMs: number, earn: EarnCredit) => void;
  /** For each of some people, the tasks of their outcomes and of their sessions. */
  readonly unitsOf: (
    people: ReadonlySet<UserPseudonym>,
    asOfMs: number,
  ) => ReadonlyMap<UserPseudonym, readonly DeliveryUnit[]>;
  /** Looks at no tasks but those of some people: their credit is the same, and of others it is incomplete. */
  readonly among: (people: ReadonlySet<UserPseudonym>) => CreditHistory;
  /** What each outcome that earns and stands brings to its task, whether or not a session is known. */
  readonly creditsOfOutcomes: (asOfMs: number) => Iterable<OutcomeCredit>;
  readonly smallTasksByUser: SmallTasksByUser;
};

export function deliveryHistory(input: DeliveryInput): DeliveryHistory {
  const { survivalDays } = input.settings;
  const timelines = timelinesOf(input);
  const earned = earnedCredits(timelines);
  const byDay = positionsByDay(timelines);
  let byPerson: ReadonlyMap<UserPseudonym, readonly number[]> | undefined;
  const tasksOf = (people: ReadonlySet<UserPseudonym>): ReadonlySet<number> => {
    byPerson ??= positionsByPerson(timelines);
    return new Set([...people].flatMap((person) => byPerson?.get(person) ?? []));
  };
  return {
    ...creditHistory(byDay, timelines.length, earned),
    among: (people) => {
      const theirs = tasksOf(people);
      const theirDays = [...byDay].map(
        ([day, tasks]) => [day, tasks.filter((at) => theirs.has(at))] as const,
      );
      return creditHistory(new Map(theirDays), timelines.length, earned);
    },
    unitsAsOf: function* (asOfMs) {
      for (const timeline of inTime(timelines)) {
        yield* unitAsOf(timeline, asOfMs, survivalDays);
      }
    },
    eachEarned: (asOfMs, earn) => {
      for (const at of timelines.keys()) {
        earned(at, asOfMs, earn);
      }
    },
    unitsOf: (people, asOfMs) => {
      const theirs = inTime([...tasksOf(people)].flatMap((at) => timelines[at] ?? []));
      return unitsByPerson(
        theirs.flatMap((timeline) => unitAsOf(timeline, asOfMs, survivalDays)),
        people,
      );
    },
    creditsOfOutcomes: function* (asOfMs) {
      for (const timeline of timelines) {
        yield* outcomeCreditsAt(timeline, asOfMs);
      }
    },
    smallTasksByUser: smallTasksByUser(timelines),
  };
}

/** @param byDay Positions of the tasks that sessions of each day may have earned of. */
function creditHistory(
  byDay: ReadonlyMap<Day, readonly number[]>,
  tasks: number,
  earned: EarnedCredits,
): CreditHistory {
  return {
    creditByUser: (from, to, asOfMs) => {
      const touched = daysBetween(from, to).flatMap((day) => byDay.get(day) ?? []);
      const micro = new Map<UserPseudonym, number>();
      for (const at of distinct(touched, tasks)) {
        earned(at, asOfMs, ({ user, day }, credit) => {
          if (credit > 0 && day >= from && day < to) {
            micro.set(user, (micro.get(user) ?? 0) + credit);
          }
        });
      }
      return new Map([...micro].map(([user, credit]) => [user, credit / MICRO_UNITS_PER_UNIT]));
    },
  };
}

/**
 * Apart from the history, which would keep all that is indexed here in memory.
 *
 * @returns Person by person: what a task needs of sessions then lies together in memory, and is found sooner.
 */
function timelinesOf(input: DeliveryInput): readonly TaskTimeline[] {
  const { settings, personOf = (user) => user, unitOf = () => "shipped-change" } = input;
  const nodes = outcomeGraph({
    outcomes: input.outcomes,
    personOf,
    productionEnvironments: settings.productionEnvironments,
    survivalDays: settings.survivalDays,
  });
  const groups = byAuthor(taskGroups(nodes, filesOfChanges(input.outcomes)));
  const rules: EarningRules = {
    unitOf,
    useCaseWeights: input.useCaseWeights ?? new Map(),
    unitLinesOf: fullUnitLines({
      tasks: groups.map(({ nodes }) => sizedTask(nodes)),
      teamOf: input.teamOf ?? (() => undefined),
    }),
    deployedSince: deploymentTimes(nodes),
  };
  const standing = standingOf(nodes);
  const sessions = sessionIndex(
    sessionFacts(input.sessions, personOf),
    nodes.map(({ outcome }) => outcome),
  );
  const known = { standing, index: sessions, kept: new KeptLinks() };
  return groups.map((group) => taskTimeline(group, rules, known));
}

function byAuthor(groups: readonly TaskGroup[]): readonly TaskGroup[] {
  return [...Map.groupBy(groups, ({ first }) => first.user).values()].flat();
}

function inTime(timelines: readonly TaskTimeline[]): readonly TaskTimeline[] {
  return timelines.toSorted((a, b) => byTimeAndId(a.first, b.first));
}

function deploymentTimes(nodes: readonly OutcomeNode[]): EarningRules["deployedSince"] {
  const times = new Map<string, number[]>();
  for (const { outcome, inProduction } of nodes) {
    if (inProduction && outcome.repository !== undefined) {
      pushTo(times, outcome.repository, outcome.timeMs);
    }
  }
  return (repository, sinceMs) => {
    const inOrder = times.get(repository) ?? [];
    return inOrder[countBelow(inOrder, sinceMs)];
  };
}

/** The tasks of each person's outcomes and sessions, by their position. */
function positionsByPerson(
  timelines: readonly TaskTimeline[],
): ReadonlyMap<UserPseudonym, readonly number[]> {
  const positions = new Map<UserPseudonym, number[]>();
  for (let at = 0; at < timelines.length; at++) {
    for (const { node } of timelines[at]?.judged ?? []) {
      pushOnce(positions, node.outcome.user, at);
    }
    eachFact(timelines[at], ({ user }) => pushOnce(positions, user, at));
  }
  return positions;
}

function unitsByPerson(
  units: readonly DeliveryUnit[],
  people: ReadonlySet<UserPseudonym>,
): ReadonlyMap<UserPseudonym, readonly DeliveryUnit[]> {
  const byPerson = new Map<UserPseudonym, DeliveryUnit[]>();
  for (const unit of units) {
    const involved = new Set([...unit.users, ...unit.sessions.map(({ user }) => user)]);
    for (const person of involved) {
      if (people.has(person)) {
        pushTo(byPerson, person, unit);
      }
    }
  }
  return byPerson;
}

function positionsByDay(timelines: readonly TaskTimeline[]): ReadonlyMap<Day, readonly number[]> {
  const byDay = new Map<Day, number[]>();
  for (let at = 0; at < timelines.length; at++) {
    eachFact(timelines[at], ({ day }) => pushOnce(byDay, day, at));
  }
  return byDay;
}

/** Tells of the session-days of all links that may ever count. */
function eachFact(timeline: TaskTimeline | undefined, tell: (fact: SessionFact) => void): void {
  for (const { linksAt } of timeline?.judged ?? []) {
    timeline?.links.eachFact(linksAt, tell);
  }
}

/** @param position No less than those that were pushed before. */
function pushOnce(positions: Map<string, number[]>, key: string, position: number): void {
  if (positions.get(key)?.at(-1) !== position) {
    pushTo(positions, key, position);
  }
}

/** Each of some positions below `end` once. */
function distinct(positions: readonly number[], end: number): readonly number[] {
  const isKnown = new Uint8Array(end);
  return positions.filter((at) => {
    const isNew = isKnown[at] === 0;
    isKnown[at] = 1;
    return isNew;
  });
}
