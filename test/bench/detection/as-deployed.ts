import { addDays, DAY_MS, daysBetween, startOfDay } from "../../../shared/ledger/calendar.ts";
import type { Day } from "../../../shared/ledger/roll-ups.ts";
import type { WindowScoringSettings } from "../../../shared/scoring/score-user-windows.ts";
import { type ScoredNight, windowScorer } from "./detector.ts";
import type { GamedWeek } from "./gaming/inject-gaming.ts";
import { judgedOrganisation } from "./judged-organisation.ts";
import { isClear } from "./measures/judged-unit.ts";
import { median } from "./measures/order-statistics.ts";
import { HISTORY_WEEKS, weekStartDay } from "./organisation/work.ts";
import { gamedOrganisation, type Scenario } from "./scenarios.ts";

/** As the configuration has it if nobody changes it. */
const DEPLOYED: WindowScoringSettings = {
  falseDiscoveryRate: 0.05,
  minSpendUsd: 25,
  minExcessUsd: 10,
  minExcessShare: 0.25,
};
const QUIET_DAYS = 7;
const AGE_MS = 6 * 3_600_000;
const OWNERS = 10;

/** An alert about the seven days before `end`. */
export type ToldWeek = { readonly user: string; readonly end: Day };

export type NightlyFigures = {
  readonly alerts: number;
  /** About people none of whose seven days were gamed. */
  readonly falseAlerts: number;
  readonly falseShare: number;
  readonly alertsPerOwnerWeek: number;
  readonly falsePerOwnerWeek: number;
  /** Episodes of clear gaming that began in the test, and how many of them were told at all. */
  readonly episodes: number;
  readonly found: number;
  /** Days from the first gamed day to the alert, in the median of those found. */
  readonly delayDays: number;
};

/** What owners are told of a scenario, night after night, by the rules of a deployment. */
export function asDeployed(scenario: Scenario, seeds: readonly number[]): NightlyFigures {
  const each = seeds.map((seed) => {
    const { organisation, gamed } = gamedOrganisation(scenario, seed);
    const hasFingerprints = scenario.hasFingerprints ?? false;
    const judged = judgedOrganisation(organisation, { ageMs: AGE_MS, hasFingerprints });
    const last = judged.testWeeks.at(-1)?.end ?? "";
    const ends = daysBetween(weekStartDay(HISTORY_WEEKS + 1), addDays(last, 1));
    const score = windowScorer(judged, DEPLOYED);
    const told = toldNightly(ends, (night) => score(night).alerts.map(({ unit }) => unit.user));
    return { told, gamed, nights: ends.length };
  });
  return nightlyFigures(each);
}

/** Night after night: who was told of in the last seven days is not told of again. */
function toldNightly(
  ends: readonly Day[],
  alertedOn: (night: ScoredNight) => readonly string[],
): readonly ToldWeek[] {
  const lastTold = new Map<string, number>();
  return ends.flatMap((end) => {
    const nightMs = startOfDay(end);
    const recent = [...lastTold].filter(([, toldMs]) => nightMs - toldMs < QUIET_DAYS * DAY_MS);
    const told = new Set(recent.map(([user]) => user));
    const users = alertedOn({ end, asOfMs: nightMs + AGE_MS, told });
    const news = users.filter((user) => !told.has(user));
    for (const user of news) {
      lastTold.set(user, nightMs);
    }
    return news.map((user) => ({ user, end }));
  });
}

export type ToldOrganisation = {
  readonly told: readonly ToldWeek[];
  readonly gamed: readonly GamedWeek[];
  readonly nights: number;
};

/** Counts over organisations, each with its own people. */
export function nightlyFigures(organisations: readonly ToldOrganisation[]): NightlyFigures {
  const alerts = sum(organisations.map(({ told }) => told.length));
  const falseAlerts = sum(
    organisations.map(({ told, gamed }) => told.filter((one) => !gamed.some(isIn(one))).length),
  );
  const delays = organisations.flatMap(({ told, gamed }) =>
    episodesOf(gamed).map((episode) => delayOf(episode, told)),
  );
  const found = delays.filter((days) => days !== undefined);
  const ownerWeeks = Math.max(1, (OWNERS * sum(organisations.map(({ nights }) => nights))) / 7);
  return {
    alerts,
    falseAlerts,
    falseShare: alerts === 0 ? 0 : falseAlerts / alerts,
    alertsPerOwnerWeek: alerts / ownerWeeks,
    falsePerOwnerWeek: falseAlerts / ownerWeeks,
    episodes: delays.length,
    found: found.length,
    delayDays: median(found),
  };
}

/** Whether a gamed week has a day among the seven of an alert. */
function isIn({ user, end }: ToldWeek): (gamed: GamedWeek) => boolean {
  return (gamed) => {
    const from = weekStartDay(gamed.week);
    return gamed.user === user && from < end && addDays(from, 7) > addDays(end, -7);
  };
}

/** Weeks of one person by one tactic that began together, in the test. */
function episodesOf(gamed: readonly GamedWeek[]): readonly (readonly GamedWeek[])[] {
  const inTest = gamed.filter((week) => week.week >= HISTORY_WEEKS && isClear(week));
  return [
    ...Map.groupBy(inTest, ({ user, tactic, since }) => `${user} ${tactic} ${since}`).values(),
  ];
}

function delayOf(episode: readonly GamedWeek[], told: readonly ToldWeek[]): number | undefined {
  const first = Math.min(...episode.map(({ week }) => startOfDay(weekStartDay(week))));
  const days = told
    .filter((one) => episode.some(isIn(one)))
    .map(({ end }) => (startOfDay(end) - first) / DAY_MS);
  return days.length === 0 ? undefined : Math.min(...days);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
