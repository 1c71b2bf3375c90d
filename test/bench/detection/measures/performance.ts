import { startOfDay } from "../../../../shared/ledger/calendar.ts";
import { WEEK_MS, weekStartMs } from "../organisation/work.ts";
import { averagePrecision } from "./average-precision.ts";
import { type Interval, seedInterval } from "./bootstrap.ts";
import type { JudgedUnit } from "./judged-unit.ts";
import { mean, median } from "./order-statistics.ts";

/** One budget owner for each of the ten teams. */
const OWNERS = 10;

export type Performance = {
  readonly units: number;
  readonly gamed: number;
  readonly flagged: number;
  readonly prAuc: number;
  readonly precision: number;
  readonly recall: number;
  /** Share of the wasted dollars that lie in flagged weeks. */
  readonly dollarRecall: number;
  /** False discoveries over discoveries, all weeks of all seeds together. */
  readonly fdr: number;
  readonly fdrInterval: Interval;
  readonly recallInterval: Interval;
  /** The same of each week, and the mean of these; a week without a discovery has none that is false. */
  readonly weeklyFdp: number;
  readonly alertsPerThousandSessions: number;
  readonly falsePerThousandSessions: number;
  readonly alertsPerOwnerWeek: number;
  readonly falsePerOwnerWeek: number;
  /** Share of weeks with one flag or more, whatever it is worth. */
  readonly weeksWithAlert: number;
  /** Flags of honest weeks over honest weeks: all, and by third of task difficulty. */
  readonly falsePositiveRate: number;
  readonly falsePositiveRateByTercile: readonly number[];
  /** Share of episodes found at all, and median days from their first day to the flag. */
  readonly episodesFound: number;
  readonly delayDays: number;
  readonly recallByTactic: Readonly<Record<string, TacticRecall>>;
};

export type TacticRecall = {
  readonly units: number;
  readonly recall: number;
  readonly meanWasteUsd: number;
};

/** Every figure of one contestant in one scenario. */
export function performanceOf(units: readonly JudgedUnit[]): Performance {
  const counts = countsOf(units);
  const seeds = [...Map.groupBy(units, ({ seed }) => seed).values()].map(countsOf);
  const weeks = [...Map.groupBy(units, ({ seed, week }) => `${seed} ${week}`).values()];
  const perThousand =
    1_000 /
    Math.max(
      1,
      sum(units, ({ sessions }) => sessions),
    );
  const ownerWeeks = Math.max(1, OWNERS * weeks.length);
  return {
    units: units.length,
    gamed: counts.gamed,
    flagged: counts.flagged,
    prAuc: averagePrecision(
      units.map(({ score, gaming }) => ({ score, isGamed: gaming !== undefined })),
    ),
    precision: ratio(counts.found, counts.flagged),
    recall: recallOf([counts]),
    dollarRecall: ratio(counts.foundUsd, counts.wasteUsd),
    fdr: fdrOf([counts]),
    fdrInterval: seedInterval(seeds, fdrOf),
    recallInterval: seedInterval(seeds, recallOf),
    weeklyFdp: mean(weeks.map((week) => fdrOf([countsOf(week)]))),
    alertsPerThousandSessions: counts.flagged * perThousand,
    falsePerThousandSessions: (counts.flagged - counts.found) * perThousand,
    alertsPerOwnerWeek: counts.flagged / ownerWeeks,
    falsePerOwnerWeek: (counts.flagged - counts.found) / ownerWeeks,
    weeksWithAlert: ratio(
      weeks.filter((week) => week.some(({ isFlagged }) => isFlagged)).length,
      weeks.length,
    ),
    falsePositiveRate: falsePositiveRate(units),
    falsePositiveRateByTercile: [0, 1, 2].map((tercile) =>
      falsePositiveRate(units.filter((unit) => unit.tercile === tercile)),
    ),
    ...delayOf(units),
    recallByTactic: recallByTactic(units),
  };
}

type Counts = {
  readonly gamed: number;
  readonly flagged: number;
  readonly found: number;
  readonly wasteUsd: number;
  readonly foundUsd: number;
};

function countsOf(units: readonly JudgedUnit[]): Counts {
  const gamed = units.filter(({ gaming }) => gaming !== undefined);
  const found = gamed.filter(({ isFlagged }) => isFlagged);
  return {
    gamed: gamed.length,
    flagged: units.filter(({ isFlagged }) => isFlagged).length,
    found: found.length,
    wasteUsd: sum(gamed, ({ gaming }) => gaming?.wasteUsd ?? 0),
    foundUsd: sum(found, ({ gaming }) => gaming?.wasteUsd ?? 0),
  };
}

/** No discovery, no false one. */
function fdrOf(counts: readonly Counts[]): number {
  const flagged = sum(counts, (each) => each.flagged);
  return ratio(flagged - sum(counts, ({ found }) => found), flagged);
}

function recallOf(counts: readonly Counts[]): number {
  return ratio(
    sum(counts, ({ found }) => found),
    sum(counts, ({ gamed }) => gamed),
  );
}

function falsePositiveRate(units: readonly JudgedUnit[]): number {
  const honest = units.filter(({ gaming }) => gaming === undefined);
  return ratio(honest.filter(({ isFlagged }) => isFlagged).length, honest.length);
}

/** An episode is one person's gaming by one tactic, from its first week on. */
function delayOf(units: readonly JudgedUnit[]) {
  const episodes = Map.groupBy(
    units.filter(({ gaming }) => gaming !== undefined),
    ({ seed, user, gaming }) => `${seed} ${user} ${gaming?.tactic} ${gaming?.since}`,
  );
  const delays = [...episodes.values()].flatMap((episode) => {
    const flagged = episode.filter(({ isFlagged }) => isFlagged);
    const [first] = flagged.toSorted((a, b) => a.week - b.week);
    return first === undefined ? [] : daysUntilFlag(first);
  });
  return { episodesFound: ratio(delays.length, episodes.size), delayDays: median(delays) };
}

function daysUntilFlag({ week, gaming, day }: JudgedUnit): number {
  const toldMs = day === undefined ? weekStartMs(week) + WEEK_MS : startOfDay(day);
  return (toldMs - weekStartMs(gaming?.since ?? week)) / 86_400_000;
}

function recallByTactic(units: readonly JudgedUnit[]): Record<string, TacticRecall> {
  const byTactic = Map.groupBy(
    units.filter(({ gaming }) => gaming !== undefined),
    ({ gaming }) => gaming?.tactic ?? "",
  );
  return Object.fromEntries(
    [...byTactic].map(([tactic, own]) => [
      tactic,
      {
        units: own.length,
        recall: recallOf([countsOf(own)]),
        meanWasteUsd: mean(own.map(({ gaming }) => gaming?.wasteUsd ?? 0)),
      },
    ]),
  );
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
