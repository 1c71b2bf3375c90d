import { startOfDay } from "../../../../shared/ledger/calendar.ts";
import { usdForStatistics } from "../../../../shared/money/nano-usd.ts";
import type { Contestant, Verdict } from "../contestant.ts";
import type { JudgedOrganisation } from "../judged-organisation.ts";
import { quantile } from "../measures/order-statistics.ts";
import { FIRST_DAY, HISTORY_WEEKS, weekKey } from "../organisation/work.ts";

const WEEK_MS = 7 * 86_400_000;

/** One person's week as a rule without a model sees it. */
export type PlainWeek = {
  readonly user: string;
  readonly team: string;
  readonly week: number;
  readonly usd: number;
  readonly calls: number;
  readonly sessions: number;
  /** Changes and deployments that the person is the author of, as they were reported. */
  readonly outcomes: number;
};

/** Weeks with spend, history and test; outcomes in the week that they were reported for. */
export function plainWeeks(organisation: JudgedOrganisation): readonly PlainWeek[] {
  const { userDays, outcomes, directory } = organisation;
  const byWeek = Map.groupBy(userDays, ({ user, day }) => weekKey(user, weekOf(startOfDay(day))));
  const counts = new Map<string, number>();
  for (const { user, timeMs } of outcomes) {
    const key = weekKey(user, weekOf(timeMs));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...byWeek].flatMap(([key, days]) => {
    const [first] = days;
    return first === undefined
      ? []
      : {
          user: first.user,
          team: directory.placeOf(first.user, first.day).team,
          week: weekOf(startOfDay(first.day)),
          usd: usdForStatistics(days.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n)),
          calls: days.reduce((sum, { calls }) => sum + calls, 0),
          sessions: days.reduce((sum, { sessions }) => sum + sessions, 0),
          outcomes: counts.get(key) ?? 0,
        };
  });
}

function weekOf(timeMs: number): number {
  return Math.floor((timeMs - startOfDay(FIRST_DAY)) / WEEK_MS);
}

const BUDGET_SHARE = 0.95;

/** One weekly budget for everyone: what 95 % of the history's weeks kept to. */
export const fixedBudget: Contestant = {
  name: "fixed weekly budget",
  judge: (organisation) => {
    const weeks = plainWeeks(organisation);
    const history = weeks.filter(({ week }) => week < HISTORY_WEEKS);
    const budget = quantile(
      history.map(({ usd }) => usd),
      BUDGET_SHARE,
    );
    return verdicts(weeks, ({ usd }) => ({ score: usd, isFlagged: usd > budget }));
  },
};

const LOWEST_SHARE = 0.05;

/** Outcomes over dollars, below what 95 % of the team's weeks of history had. */
export const rawOutcomePerDollar: Contestant = {
  name: "raw outcome per dollar",
  judge: (organisation) => {
    const weeks = plainWeeks(organisation);
    const history = Map.groupBy(
      weeks.filter(({ week }) => week < HISTORY_WEEKS),
      ({ team }) => team,
    );
    const limits = new Map(
      [...history].map(([team, own]) => [
        team,
        quantile(
          own.map(({ outcomes, usd }) => outcomes / usd),
          LOWEST_SHARE,
        ),
      ]),
    );
    return verdicts(weeks, ({ team, outcomes, usd }) => ({
      score: -outcomes / usd,
      isFlagged: outcomes / usd < (limits.get(team) ?? 0),
    }));
  },
};

/** Of the test weeks. */
export function verdicts(
  weeks: readonly PlainWeek[],
  judge: (week: PlainWeek) => Verdict,
): ReadonlyMap<string, Verdict> {
  return new Map(
    weeks
      .filter(({ week }) => week >= HISTORY_WEEKS)
      .map((week) => [weekKey(week.user, week.week), judge(week)]),
  );
}
