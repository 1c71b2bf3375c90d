import { STARTS_MS, weekStartMs } from "./calendar.ts";
import type { Model } from "./model-calls.ts";
import { MODELS } from "./model-calls.ts";
import type { Random } from "./random.ts";
import { randomStream } from "./random.ts";
import type { AgentModel, SessionStatistics } from "./session-statistics.ts";

export const TEAMS = [
  {
    id: "team-checkout",
    key: "CHK",
    costCenter: "cc-1100",
    repositories: ["checkout-web", "payments"],
  },
  { id: "team-search", key: "SRC", costCenter: "cc-1200", repositories: ["search-api", "ranking"] },
  {
    id: "team-platform",
    key: "PLT",
    costCenter: "cc-1300",
    repositories: ["platform", "pipelines"],
  },
  {
    id: "team-mobile",
    key: "MOB",
    costCenter: "cc-1400",
    repositories: ["mobile-app", "mobile-api"],
  },
] as const;
export type Team = (typeof TEAMS)[number];

export const PEOPLE_PER_TEAM = 10;
export const NEW_JOINER = "user-037";
export const NEW_JOINER_STARTS_MS = weekStartMs(9);

/** Someone who writes software with an agent, and their habits. */
export type Person = {
  /** `user-001`: also the login at the code host. */
  readonly login: string;
  readonly email: string;
  readonly team: Team;
  readonly joinsMs: number;
  /** The anonymous installation id of the client: 64 hexadecimal digits. */
  readonly installation: string;
  readonly sessionsPerDay: number;
  /** Chance of working on a day of a weekend. */
  readonly weekendShare: number;
  /** Multiplies what a session costs: wordier prompts, larger repositories. */
  readonly costFactor: number;
  /** Log odds of success above or below what the model does on its own. */
  readonly skill: number;
  readonly favourite: Model;
  /** Which measured agent stands behind each model when this person uses it. */
  readonly agents: Readonly<Record<Model, AgentModel>>;
};

export function loginOf(number: number): string {
  return `user-${String(number).padStart(3, "0")}`;
}

export function makePeople(seed: number, statistics: SessionStatistics): readonly Person[] {
  const agents = agentsByModel(statistics);
  return TEAMS.flatMap((team, index) =>
    Array.from({ length: PEOPLE_PER_TEAM }, (_, member) => {
      const login = loginOf(index * PEOPLE_PER_TEAM + member + 1);
      return makePerson(randomStream(seed, `person ${login}`), login, team, agents);
    }),
  );
}

function makePerson(
  random: Random,
  login: string,
  team: Team,
  agents: Readonly<Record<Model, readonly [AgentModel, ...AgentModel[]]>>,
): Person {
  return {
    login,
    email: `${login}@example.com`,
    team,
    joinsMs: login === NEW_JOINER ? NEW_JOINER_STARTS_MS : STARTS_MS,
    installation: random.hex(64),
    sessionsPerDay: Math.min(1.6, random.logNormal(1, 0.2)),
    weekendShare: random.chance(0.2) ? 0.15 : 0.02,
    costFactor: random.logNormal(1, 0.15),
    skill: 0.2 * random.normal(),
    favourite: random.pick([
      "claude-opus-4-5",
      "claude-sonnet-4-5",
      "claude-sonnet-4-5",
      "claude-haiku-4-5",
    ]),
    agents: {
      "claude-opus-4-5": random.pick(agents["claude-opus-4-5"]),
      "claude-sonnet-4-5": random.pick(agents["claude-sonnet-4-5"]),
      "claude-haiku-4-5": random.pick(agents["claude-haiku-4-5"]),
    },
  };
}

/** Agents that nobody would pay for are left out: too weak, or toys by their cost. */
const WEAKEST_IN_USE = 0.5;
const CHEAPEST_IN_USE_USD = 0.05;

/** The measured agents in thirds by mean cost: dearest third to the dearest model. */
export function agentsByModel(
  statistics: SessionStatistics,
): Readonly<Record<Model, readonly [AgentModel, ...AgentModel[]]>> {
  const inUse = statistics.models
    .filter(
      (agent) => agent.resolvedShare >= WEAKEST_IN_USE && agent.meanCost >= CHEAPEST_IN_USE_USD,
    )
    .sort((a, b) => b.meanCost - a.meanCost);
  const third = Math.ceil(inUse.length / MODELS.length);
  const nth = (rank: number): readonly [AgentModel, ...AgentModel[]] => {
    const [first, ...rest] = inUse.slice(rank * third, (rank + 1) * third);
    if (first === undefined) {
      throw new RangeError(`expected ${MODELS.length} agents in use or more, got ${inUse.length}`);
    }
    return [first, ...rest];
  };
  return { "claude-opus-4-5": nth(0), "claude-sonnet-4-5": nth(1), "claude-haiku-4-5": nth(2) };
}
