import type { AlertEvidence } from "../alerts/alert.ts";
import type { NanoUsd } from "../money/nano-usd.ts";
import { limitFor, type RunawayLimit, type RunawayLimits } from "./runaway-limit.ts";

/** An open session, as far as it has come. */
export type OpenSession = {
  readonly session: string;
  readonly cohort: string;
  readonly costNanoUsd: NanoUsd;
};

/** What a `RUNAWAY` alert about a session says. */
export function runawayEvidence(
  { session, cohort, costNanoUsd }: OpenSession,
  limits: RunawayLimits,
): AlertEvidence {
  const limit = limitFor(limits, cohort);
  const usual = BigInt(limit.median ?? limit.limit);
  return {
    costNanoUsd,
    delivery: { credit: 0, counted: [], notCounted: [] },
    expected: {
      medianNanoUsd: usual,
      lowNanoUsd: BigInt(limit.low ?? "0"),
      highNanoUsd: BigInt(limit.high ?? limit.limit),
      cohort: limit.successesOf === "cohort" ? cohort : ANY_COHORT,
    },
    excessNanoUsd: costNanoUsd > usual ? costNanoUsd - usual : 0n,
    signals: [],
    p: shareAsDear(limit, limits.alpha, costNanoUsd),
    expectedFalseShare: limits.falseShare,
    calibrationUnits: limit.successes,
    topSessions: [{ session, costNanoUsd }],
  };
}

/** Share of successful sessions, this one counted as one of them, that cost as much. */
function shareAsDear(limit: RunawayLimit, alpha: number, costNanoUsd: NanoUsd): number {
  const atLeast = limit.dearest.filter((cost) => BigInt(cost) >= costNanoUsd).length;
  const share = (atLeast + 1) / (limit.successes + 1);
  // Only the dearest are kept: if all of them cost as much, there may be more that do.
  const isPartial = atLeast === limit.dearest.length && atLeast < limit.successes;
  return isPartial ? Math.max(share, alpha) : share;
}

/** Stands for all cohorts together. */
export const ANY_COHORT = "all cohorts";
