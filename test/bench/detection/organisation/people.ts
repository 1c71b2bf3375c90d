import { type Random, randomStream } from "../../../../infra/demo/random.ts";
import { CHEAP, DEAR, DEAREST, OTHER, type PricedModel, USUAL } from "./priced-models.ts";
import { AGENT_MIX, type CostMix } from "./session-tokens.ts";
import { HISTORY_WEEKS, WEEKS } from "./work.ts";

/** How a person works: drawn once, the same in every week. All of it is invented. */
export type Person = {
  readonly user: string;
  readonly team: string;
  /** First week with any work: 0 for all but the new joiners. */
  readonly joined: number;
  readonly sessionsPerWeek: number;
  /** Log factor on the cost of every session. */
  readonly costHabit: number;
  /** Between -1 and 1: how often this person takes the easier, or the harder, of two tasks. */
  readonly hardTilt: number;
  /** Models by how often they are chosen. */
  readonly models: readonly (readonly [PricedModel, number])[];
  readonly mix: CostMix;
  /** Mean sub-agents of a session. */
  readonly agents: number;
  /** Share of tasks that are research: nothing is merged. */
  readonly research: number;
  /** Share of tasks whose sessions say which branch they are on. */
  readonly linked: number;
  readonly startHour: number;
  readonly worksWeekends: boolean;
};

/** 80 people in ten teams. */
const TEAM_SIZES = [
  ["checkout", 11],
  ["search", 10],
  ["payments", 9],
  ["catalogue", 8],
  ["identity", 8],
  ["platform", 8],
  ["delivery", 7],
  ["mobile", 7],
  ["support", 6],
  ["data", 6],
] as const;

const JOINER_SHARE = 0.06;
const FIRST_JOIN = 5;

export function drawPeople(seed: number): readonly Person[] {
  const teams = TEAM_SIZES.flatMap(([name, size]) =>
    Array.from({ length: size }, () => `team-${name}`),
  );
  return teams.map((team, at) => {
    const user = `user-${String(at).padStart(3, "0")}`;
    const culture = 0.15 * randomStream(seed, `culture of ${team}`).normal();
    return drawPerson(randomStream(seed, `habits of ${user}`), { user, team }, culture);
  });
}

function drawPerson(
  random: Random,
  { user, team }: Pick<Person, "user" | "team">,
  culture: number,
): Person {
  return {
    user,
    team,
    joined: random.chance(JOINER_SHARE) ? random.whole(FIRST_JOIN, HISTORY_WEEKS + 2) : 0,
    sessionsPerWeek: Math.min(26, random.logNormal(12, 0.3)),
    costHabit: culture + 0.25 * random.normal(),
    hardTilt: Math.max(-1, Math.min(1, 0.5 * random.normal())),
    models: drawModels(random),
    mix: {
      ...AGENT_MIX,
      // Some have long contexts, some paste a lot.
      cacheRead: random.logNormal(AGENT_MIX.cacheRead, 0.25),
      uncachedInput: random.logNormal(AGENT_MIX.uncachedInput, 0.45),
    },
    agents: random.chance(0.45) ? random.between(0.3, 1.5) : 0,
    research: random.between(0.02, 0.16),
    linked: random.between(0.7, 1),
    startHour: random.between(7, 10.5),
    worksWeekends: random.chance(0.12),
  };
}

/** Most use the usual model, some the dear one by habit, and nearly everyone changes now and then. */
function drawModels(random: Random): Person["models"] {
  const main = random.unit();
  const [first, second] =
    main < 0.5
      ? [USUAL, DEAR]
      : main < 0.7
        ? [DEAR, USUAL]
        : main < 0.87
          ? [OTHER, USUAL]
          : [CHEAP, USUAL];
  const old = random.chance(0.1) ? 0.05 : 0;
  const loyalty = random.between(0.6, 0.92);
  return [
    [first, loyalty - old],
    [second, (1 - loyalty) * 0.7],
    [CHEAP, (1 - loyalty) * 0.3],
    [DEAREST, old],
  ];
}

/** What is special about a person's week; all of it legitimate. */
export type WeekKind = {
  /** Factor on the number of sessions; 0 for a holiday. */
  readonly pace: number;
  /** Share of tasks that are incidents: nothing is merged for them. */
  readonly incidents: number;
  readonly kind: "usual" | "away" | "short" | "on-call" | "launch";
};

/** Shares of user-weeks, invented: 5 % away, 9 % short, 7 % on call, and launches. */
export function drawWeeks(
  random: Random,
  { joined }: Person,
  launchShare: number,
): readonly WeekKind[] {
  return Array.from({ length: WEEKS }, (_, week) => {
    const at = random.unit();
    const launchPace = random.between(1.5, 2.3);
    if (week < joined) {
      return { kind: "away", pace: 0, incidents: 0 };
    }
    const ramp = joined === 0 ? 1 : Math.min(1, 0.5 + 0.25 * (week - joined));
    if (at < 0.05) {
      return { kind: "away", pace: 0, incidents: 0 };
    }
    if (at < 0.14) {
      return { kind: "short", pace: 0.5 * ramp, incidents: 0 };
    }
    if (at < 0.21) {
      return { kind: "on-call", pace: 0.85 * ramp, incidents: 0.4 };
    }
    return at < 0.21 + launchShare
      ? { kind: "launch", pace: launchPace * ramp, incidents: 0 }
      : { kind: "usual", pace: ramp, incidents: 0 };
  });
}
