import { addDays } from "../../../shared/ledger/calendar.ts";
import { deliveryHistory } from "../../../shared/outcomes/delivery-history.ts";
import {
  scoreUserWindows,
  type WindowScoringSettings,
} from "../../../shared/scoring/score-user-windows.ts";
import type { Contestant, Verdict } from "./contestant.ts";
import type { JudgedOrganisation, TestWeek } from "./judged-organisation.ts";
import { weekKey } from "./organisation/work.ts";

/** False discovery rate of each weekly batch. */
export const BATCH_RATE = 0.1;

/** No floors: every person's week with spend is judged. */
const NO_FLOORS: WindowScoringSettings = {
  falseDiscoveryRate: BATCH_RATE,
  minSpendUsd: 0,
  minExcessUsd: 0,
  minExcessShare: 0,
};

/** Gives each eligible person of a week a p-value. Another detector is another such function. */
export type WeekScorer = (
  organisation: JudgedOrganisation,
) => (week: TestWeek) => ReadonlyMap<string, number>;

/** What Outpace's scoring makes of the weeks, by its public call and nothing else. */
export const outpaceScorer: WeekScorer = (organisation) => {
  const score = windowScorer(organisation, NO_FLOORS);
  return (week) => {
    const { scores } = score(week);
    return new Map(
      scores.flatMap((each) => (each.kind === "scored" ? [[each.unit.user, each.p]] : [])),
    );
  };
};

/** When a window is looked at, and who was told of within the quiet days before. */
export type ScoredNight = Pick<TestWeek, "end" | "asOfMs"> & {
  readonly told?: ReadonlySet<string>;
};

/** The scoring of any window, on one delivery history for all of them. */
export function windowScorer(organisation: JudgedOrganisation, settings: WindowScoringSettings) {
  const { userDays, sessionDays, outcomes, directory } = organisation;
  const lastDay = organisation.testWeeks.at(-1)?.end ?? "2026-01-01";
  const delivery = deliveryHistory({
    outcomes,
    sessions: sessionDays,
    settings: { survivalDays: 7, productionEnvironments: ["production"] },
    teamOf: (user) => directory.placeOf(user, lastDay).team,
  });
  return ({ end, asOfMs, told }: ScoredNight) => {
    const from = addDays(end, -13 * 7);
    return scoreUserWindows({
      windowEnd: end,
      asOfMs,
      userDays: userDays.filter(({ day }) => day >= from && day < end),
      sessionDays: sessionDays.filter(({ day }) => day >= from && day < end),
      delivery,
      directory,
      settings,
      ...(told !== undefined && { told }),
    });
  };
}

/** A detector as a contestant: Benjamini and Hochberg's procedure over each weekly batch. */
export function detector(name: string, scorer: WeekScorer): Contestant {
  return {
    name,
    judge: (organisation) => {
      const score = scorer(organisation);
      return new Map(
        organisation.testWeeks.flatMap((week) => [...batchVerdicts(score(week), week.week)]),
      );
    },
  };
}

function batchVerdicts(pValues: ReadonlyMap<string, number>, week: number): Map<string, Verdict> {
  const limit = batchLimit([...pValues.values()], BATCH_RATE);
  return new Map(
    [...pValues].map(([user, p]) => [
      weekKey(user, week),
      { score: -Math.log(Math.max(p, Number.MIN_VALUE)), isFlagged: p <= limit },
    ]),
  );
}

/**
 * Largest p-value that is still a discovery at this rate; below every p-value if there is none.
 * Benjamini and Hochberg, 1995.
 */
export function batchLimit(pValues: readonly number[], rate: number): number {
  const sorted = pValues.toSorted((a, b) => a - b);
  const last = sorted.findLastIndex((p, at) => p <= (rate * (at + 1)) / sorted.length);
  return last === -1 ? -1 : (sorted[last] ?? -1);
}
