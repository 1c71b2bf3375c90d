import * as z from "zod";
import { compareText } from "../compare-text.ts";
import { type NanoUsd, nanoUsdFromNumber, usdForStatistics } from "../money/nano-usd.ts";
import {
  ascending,
  quantileOfSorted,
  robustScaleOfSorted,
  valueOfRank,
} from "../order-statistics.ts";
import { joined } from "./column.ts";
import type { ScoredSession } from "./sessions.ts";

/** A finished session that learning may use. */
export type FinishedSession = Pick<ScoredSession, "cohort" | "costNanoUsd" | "creditMicroUnits">;

export type RunawaySettings = {
  /** Share of successful sessions that a limit may interrupt. */
  readonly alpha: number;
  /** Any session above this is a runaway. */
  readonly hardCapUsd: number;
};

const Amount = z
  .string()
  .regex(/^\d{1,18}$/, "must be a whole number of nano-USD, as text")
  .meta({ description: "nano-USD" });

/** A limit on what one session may cost, and the successful sessions that it comes from. */
const RunawayLimit = z.strictObject({
  /** `cohort`: from its own successes. `pooled`: of all cohorts, moved and scaled to this one. */
  basis: z.enum(["cohort", "pooled", "hard-cap"]),
  limit: Amount,
  /** Whose successes the following are: this cohort's, or for want of them everybody's. */
  successesOf: z.enum(["cohort", "all-cohorts"]),
  successes: z.int().nonnegative(),
  /** Costs of the dearest successes, descending. */
  dearest: z.array(Amount),
  /** Cost of successes: median and the middle 80 %; absent without any. */
  low: Amount.exactOptional(),
  median: Amount.exactOptional(),
  high: Amount.exactOptional(),
});
export type RunawayLimit = z.infer<typeof RunawayLimit>;

/** What the learning stores, as plain JSON. */
export const RunawayLimits = z.strictObject({
  alpha: z.number(),
  hardCap: Amount,
  cohorts: z.record(z.string(), RunawayLimit),
  /** For a cohort without a limit of its own. */
  anyCohort: RunawayLimit,
  /** Of finished sessions above their limit, the share that delivered after all. */
  falseShare: z.number(),
});
export type RunawayLimits = z.infer<typeof RunawayLimits>;

/** Successes below which a cohort has no location and scale of its own. */
const FEWEST_FOR_SCALE = 10;
const SMALLEST_LOG_SCALE = 0.05;
const MOST_DEAREST = 200;

/**
 * Learns, for each cohort, the cost that a successful session passes with probability `alpha` at
 * most: the split-conformal quantile, the ceil((n + 1)(1 - alpha))-th smallest of n. As running cost
 * only rises, passing it is one test however often it is looked at. A cohort with too few successes
 * takes the quantile of all cohorts in robust standard deviations of log cost; with too few of
 * those, only the hard cap holds, which no limit exceeds.
 */
export function learnRunawayLimits(
  sessions: readonly FinishedSession[],
  { alpha, hardCapUsd }: RunawaySettings,
): RunawayLimits {
  const costs = costsByCohort(sessions);
  const successes = [...costs]
    .map(([cohort, { delivered }]) => [cohort, ascending(delivered)] as const)
    .filter(([, usd]) => usd.length > 0)
    .sort(([a], [b]) => compareText(a, b));
  const ofCohorts = successes.map(([, usd]) => usd);
  const all = ascending(joined(ofCohorts));
  const everybody = { shape: logShape(all), described: described(all) };
  const pooled = pooledQuantile(ofCohorts, everybody, alpha);
  const limitOf = (usd: Float64Array) => cohortLimit(usd, everybody, pooled, alpha, hardCapUsd);
  const cohorts = Object.fromEntries(
    successes.map(([cohort, usd]) => [cohort, limitOf(usd)] as const),
  );
  const anyCohort = limitOf(new Float64Array());
  const limits = { alpha, hardCap: amount(hardCapUsd), cohorts, anyCohort };
  return { ...limits, falseShare: falseShare(costs, limits) };
}

/** What sessions cost, in USD, apart for those that delivered and those that did not. */
type Costs = { readonly delivered: number[]; readonly undelivered: number[] };

/** A million sessions are asked once each, and free ones are left out. */
function costsByCohort(sessions: readonly FinishedSession[]): ReadonlyMap<string, Costs> {
  const costs = new Map<string, Costs>();
  for (const { cohort, costNanoUsd, creditMicroUnits } of sessions) {
    if (costNanoUsd > 0n) {
      let own = costs.get(cohort);
      if (own === undefined) {
        own = { delivered: [], undelivered: [] };
        costs.set(cohort, own);
      }
      (creditMicroUnits > 0 ? own.delivered : own.undelivered).push(usdForStatistics(costNanoUsd));
    }
  }
  return costs;
}

/** The limit that holds for a cohort. */
export function limitFor(
  limits: Pick<RunawayLimits, "cohorts" | "anyCohort">,
  cohort: string,
): RunawayLimit {
  return Object.hasOwn(limits.cohorts, cohort)
    ? (limits.cohorts[cohort] ?? limits.anyCohort)
    : limits.anyCohort;
}

/** True once a session has cost more than its limit. */
export function isRunaway({ limit }: RunawayLimit, costNanoUsd: NanoUsd): boolean {
  return costNanoUsd > BigInt(limit);
}

/** Smallest value that at most `alpha` of exchangeable new values exceed; none if there are too few. */
export function conformalQuantile(values: ArrayLike<number>, alpha: number): number | undefined {
  // Without the tolerance, (99 + 1)(1 - 0.01) is a little above 99.
  const rank = Math.ceil((values.length + 1) * (1 - alpha) - 1e-9);
  return rank > values.length ? undefined : valueOfRank(new Float64Array(values), rank - 1);
}

/** What cohorts with too few successes are told of all of them. */
type Everybody = {
  readonly shape: LogShape;
  readonly described: ReturnType<typeof described>;
};

function cohortLimit(
  usd: Float64Array,
  everybody: Everybody,
  pooled: number | undefined,
  alpha: number,
  hardCapUsd: number,
): RunawayLimit {
  const own = conformalQuantile(usd, alpha);
  if (own !== undefined) {
    const basis = own > hardCapUsd ? "hard-cap" : "cohort";
    const limit = amount(Math.min(own, hardCapUsd));
    return { limit, ...described(usd), basis, successesOf: "cohort" };
  }
  const { location, scale } = usd.length < FEWEST_FOR_SCALE ? everybody.shape : logShape(usd);
  const moved = pooled === undefined ? undefined : Math.exp(location + pooled * scale);
  const limitUsd = Math.min(moved ?? hardCapUsd, hardCapUsd);
  const basis = moved === undefined || moved > hardCapUsd ? "hard-cap" : "pooled";
  return { limit: amount(limitUsd), ...everybody.described, basis, successesOf: "all-cohorts" };
}

/** Conformal quantile of log cost, in robust standard deviations from the median of its cohort. */
function pooledQuantile(
  cohorts: readonly Float64Array[],
  everybody: Pick<Everybody, "shape">,
  alpha: number,
): number | undefined {
  const standardised = cohorts.map((usd) => {
    const { location, scale } = usd.length < FEWEST_FOR_SCALE ? everybody.shape : logShape(usd);
    return usd.map((cost) => (Math.log(cost) - location) / scale);
  });
  return conformalQuantile(joined(standardised), alpha);
}

type LogShape = { readonly location: number; readonly scale: number };

/** @param usd Ascending. */
function logShape(usd: Float64Array): LogShape {
  if (usd.length === 0) {
    return { location: 0, scale: 1 };
  }
  const logs = usd.map(Math.log);
  return {
    location: quantileOfSorted(logs, 0.5),
    scale: Math.max(SMALLEST_LOG_SCALE, robustScaleOfSorted(logs)),
  };
}

/** @param sorted Costs of successes in USD, ascending. */
function described(sorted: Float64Array): Omit<RunawayLimit, "limit" | "basis" | "successesOf"> {
  const at = (share: number) => amount(quantileOfSorted(sorted, share));
  return {
    successes: sorted.length,
    dearest: Array.from(sorted.slice(-MOST_DEAREST).reverse(), amount),
    ...(sorted.length > 0 && { low: at(0.1), median: at(0.5), high: at(0.9) }),
  };
}

/** With one success and one failure added, so that few sessions give no certainty. */
function falseShare(
  costs: ReadonlyMap<string, Costs>,
  limits: Pick<RunawayLimits, "cohorts" | "anyCohort">,
): number {
  let [delivered, above] = [0, 0];
  for (const [cohort, own] of costs) {
    const limitUsd = usdForStatistics(BigInt(limitFor(limits, cohort).limit));
    const countAbove = (usd: readonly number[]) => usd.filter((cost) => cost > limitUsd).length;
    const deliveredAbove = countAbove(own.delivered);
    delivered += deliveredAbove;
    above += deliveredAbove + countAbove(own.undelivered);
  }
  return (delivered + 1) / (above + 2);
}

function amount(usd: number): string {
  return nanoUsdFromNumber(usd).toString();
}
