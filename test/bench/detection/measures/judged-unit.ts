import type { Verdict } from "../contestant.ts";
import type { GamedOrganisation, GamedWeek } from "../gaming/inject-gaming.ts";
import type { TacticName } from "../gaming/tactic.ts";
import { costUsd, HISTORY_WEEKS, weekKey } from "../organisation/work.ts";
import { mean } from "./order-statistics.ts";

/** One person's test week: what is true of it, and what one contestant says. */
export type JudgedUnit = {
  readonly seed: number;
  readonly week: number;
  readonly user: string;
  readonly sessions: number;
  readonly score: number;
  readonly isFlagged: boolean;
  /** Day that it is told, where that is before the week is over. */
  readonly day?: string;
  /** Third of the people by the difficulty of their tasks: 2 is the hardest. */
  readonly tercile: number;
  /** Absent of an honest week. */
  readonly gaming?: {
    readonly tactic: TacticName;
    readonly since: number;
    readonly wasteUsd: number;
  };
};

/** Waste below either of these is neither gamed nor honest: it is left out. */
const LEAST_WASTE_USD = 2;
/** Of the cost without the waste; a percent less, as tokens are whole. */
const LEAST_WASTE_SHARE = 0.3 * 0.99;

/** Every test week with sessions that is clearly gamed or clearly honest, with a contestant's verdict. */
export function judgedUnits(
  { organisation, gamed }: GamedOrganisation,
  verdicts: ReadonlyMap<string, Verdict>,
): readonly JudgedUnit[] {
  const labels = new Map(gamed.map((each) => [weekKey(each.user, each.week), each]));
  const terciles = hardTaskTerciles({ organisation, gamed });
  return organisation.weeks.flatMap(({ user, week, sessions }) => {
    const label = labels.get(weekKey(user, week));
    if (week < HISTORY_WEEKS || sessions.length === 0 || (label && !isClear(label))) {
      return [];
    }
    const verdict = verdicts.get(weekKey(user, week));
    return {
      seed: organisation.seed,
      week,
      user,
      sessions: sessions.length,
      score: verdict?.score ?? Number.NEGATIVE_INFINITY,
      isFlagged: verdict?.isFlagged ?? false,
      ...(verdict?.day === undefined ? {} : { day: verdict.day }),
      tercile: terciles.get(user) ?? 0,
      ...(label === undefined
        ? {}
        : { gaming: { tactic: label.tactic, since: label.since, wasteUsd: label.wasteUsd } }),
    };
  });
}

export function isClear({ wasteUsd, honestUsd }: Pick<GamedWeek, "wasteUsd" | "honestUsd">) {
  return wasteUsd >= LEAST_WASTE_USD && wasteUsd >= LEAST_WASTE_SHARE * honestUsd;
}

/** People in three equal groups by the mean difficulty of the tasks of their test weeks. */
function hardTaskTerciles({ organisation }: GamedOrganisation): ReadonlyMap<string, number> {
  const test = organisation.weeks.filter(({ week }) => week >= HISTORY_WEEKS);
  const byUser = Map.groupBy(test, ({ user }) => user);
  const people = [...byUser]
    .map(([user, weeks]) => ({ user, all: weeks.flatMap(({ sessions }) => sessions) }))
    .filter(({ all }) => all.length > 0)
    .map(({ user, all }) => ({ user, hardness: mean(all.map(({ difficulty }) => difficulty)) }))
    .sort((a, b) => a.hardness - b.hardness);
  return new Map(people.map(({ user }, at) => [user, Math.floor((3 * at) / people.length)]));
}

/** Cost of the test weeks, USD: what an organisation's figures are in relation to. */
export function testSpendUsd({ organisation }: GamedOrganisation): number {
  return organisation.weeks
    .filter(({ week }) => week >= HISTORY_WEEKS)
    .reduce((sum, { sessions }) => sum + costUsd(sessions), 0);
}
