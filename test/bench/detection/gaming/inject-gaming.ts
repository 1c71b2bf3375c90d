import { randomStream } from "../../../../infra/demo/random.ts";
import {
  costUsd,
  HISTORY_WEEKS,
  type Organisation,
  type UserWeek,
  weekKey,
} from "../organisation/work.ts";
import { CATALOGUE } from "./catalogue.ts";
import { type GamingSettings, type PlannedWeek, planGaming } from "./plan-gaming.ts";
import type { TacticName } from "./tactic.ts";

/** The truth about a gamed week. */
export type GamedWeek = {
  readonly user: string;
  readonly week: number;
  readonly tactic: TacticName;
  readonly since: number;
  /** Cost with the gaming less cost without it. */
  readonly wasteUsd: number;
  readonly honestUsd: number;
};

export type GamedOrganisation = {
  readonly organisation: Organisation;
  readonly gamed: readonly GamedWeek[];
};

/** Games some weeks of an honest organisation; all other weeks are the very same objects. */
export function injectGaming(honest: Organisation, settings: GamingSettings): GamedOrganisation {
  const weeks = new Map(honest.weeks.map((week) => [weekKey(week.user, week.week), week]));
  const isActive = (user: string, week: number) =>
    (weeks.get(weekKey(user, week))?.sessions.length ?? 0) > 0;
  const plan = planGaming(honest.seed, { members: honest.members, isActive }, settings);
  const usual = usualWeeks(honest);
  const colleagues = colleagueChanges(honest);
  const gamed: GamedWeek[] = [];
  for (const planned of plan) {
    const key = weekKey(planned.user, planned.week);
    const before = weeks.get(key);
    if (before !== undefined) {
      const random = randomStream(honest.seed, `gaming of ${key}`);
      const usd = wasteOf(planned, before, usual);
      const others = colleagues(planned.user, planned.week);
      const { tactic, ...rest } = planned;
      const after = CATALOGUE[tactic].tactic({ random, week: before, usd, colleagues: others });
      weeks.set(key, after);
      const honestUsd = costUsd(before.sessions);
      const { user, week, since } = rest;
      const wasteUsd = costUsd(after.sessions) - honestUsd;
      gamed.push({ user, week, since, tactic, wasteUsd, honestUsd });
    }
  }
  return { organisation: { ...honest, weeks: [...weeks.values()] }, gamed };
}

function wasteOf({ waste, user }: PlannedWeek, week: UserWeek, usual: ReadonlyMap<string, number>) {
  const own = costUsd(week.sessions);
  return waste.share * (waste.of === "week" ? own : (usual.get(user) ?? own));
}

/** Median cost of each person's weeks of history with work. */
function usualWeeks({ weeks }: Organisation): ReadonlyMap<string, number> {
  const worked = weeks.filter(({ week, sessions }) => week < HISTORY_WEEKS && sessions.length > 0);
  const byUser = Map.groupBy(worked, ({ user }) => user);
  return new Map(
    [...byUser].map(([user, own]) => {
      const costs = own.map(({ sessions }) => costUsd(sessions)).sort((a, b) => a - b);
      return [user, costs[costs.length >> 1] ?? 0];
    }),
  );
}

function colleagueChanges({ members, weeks }: Organisation) {
  const teams = new Map(members.map(({ user, team }) => [user, team]));
  const byTeam = Map.groupBy(weeks, ({ user, week }) => weekKey(teams.get(user) ?? "", week));
  return (user: string, week: number) =>
    (byTeam.get(weekKey(teams.get(user) ?? "", week)) ?? [])
      .filter((other) => other.user !== user)
      .flatMap(({ outcomes }) => outcomes.filter(({ reverts }) => reverts === undefined));
}
