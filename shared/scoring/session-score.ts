import type { DirectoryLookup } from "../directory/directory.ts";
import { DAY_MS } from "../ledger/calendar.ts";
import type { SessionDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, nanoUsdFromNumber, usdForStatistics } from "../money/nano-usd.ts";
import { ascending, countBelow, quantileOfSorted } from "../order-statistics.ts";
import { MICRO_UNITS_PER_UNIT } from "../outcomes/delivery-unit.ts";
import { pushTo } from "../outcomes/outcome-index.ts";
import { maturityByCohort } from "./delivery-delay.ts";
import type { SessionDeliveries } from "./session-deliveries.ts";
import { type ScoredSession, sessionsOf } from "./sessions.ts";

/** Why a session has no score. */
export type UnscoredSessionReason =
  | "no-cost"
  /** Most calls have no price, so that the cost is not known. */
  | "unpriced"
  /** Nothing delivered yet, and too young to tell: open work is pending, not waste. */
  | "maturing"
  /** Too few sessions of the cohort, delivered or not as this one, to compare with. */
  | "too-few-peers";

/** What a session's cost brought, and how unusual that cost is for it. */
export type SessionScore = { readonly session: ScoredSession } & (
  | {
      readonly kind: "scored";
      /** Delivery units per USD. */
      readonly outcomePerUsd: number;
      /** Share of peers, delivered or not as this one, that cost at least as much (conformal rank). */
      readonly p: number;
      readonly peers: number;
      /** Median cost of those peers. */
      readonly usualNanoUsd: NanoUsd;
      /** Cost above that median; 0 below it. */
      readonly excessNanoUsd: NanoUsd;
    }
  | { readonly kind: "unscored"; readonly reason: UnscoredSessionReason }
);

export type ScoreSessionsInput = {
  readonly sessionDays: readonly SessionDay[];
  /** As of `asOfMs`. */
  readonly deliveries: SessionDeliveries;
  readonly asOfMs: number;
  readonly directory: DirectoryLookup;
};

/** Sessions, and the score of each: worked out when it is asked for, as there are a million of them. */
export type ScoredSessions = {
  /** In order of person and session. */
  readonly all: readonly ScoredSession[];
  /** Those whose cost and result are known: what limits for running sessions may be learnt from. */
  readonly finished: readonly ScoredSession[];
  readonly scoreOf: (session: ScoredSession) => SessionScore;
};

const FEWEST_PEERS = 20;

/**
 * Scores every session. One session alone is weak evidence: the score informs, and alerts are decided
 * on a person's week.
 */
export function scoreSessions(input: ScoreSessionsInput): ScoredSessions {
  // Not the input itself, which whoever asks for scores later would keep in memory.
  const { sessionDays, deliveries, directory, asOfMs } = input;
  const sessions = sessionsOf(sessionDays, deliveries, directory);
  const maturityDays = maturityByCohort(sessions);
  const reasonOf = (session: ScoredSession) =>
    unscored(session, asOfMs - maturityDays(session.cohort) * DAY_MS);
  const finished = sessions.filter((session) => reasonOf(session) === undefined);
  // A failed session costs more than one that delivers, so each is compared with its like.
  const delivered = peersByCohort(finished.filter(hasDelivered));
  const undelivered = peersByCohort(finished.filter((session) => !hasDelivered(session)));
  return {
    all: sessions,
    finished,
    scoreOf: (session) => {
      const reason = reasonOf(session);
      const peers = (hasDelivered(session) ? delivered : undelivered).get(session.cohort);
      return reason !== undefined || peers === undefined || peers.costs.length <= FEWEST_PEERS
        ? { session, kind: "unscored", reason: reason ?? "too-few-peers" }
        : compared(session, peers);
    },
  };
}

function hasDelivered({ creditMicroUnits }: ScoredSession): boolean {
  return creditMicroUnits > 0;
}

function unscored(
  session: ScoredSession,
  matureBeforeMs: number,
): UnscoredSessionReason | undefined {
  if (session.isUnpriced) {
    return "unpriced";
  }
  if (session.costNanoUsd <= 0n) {
    return "no-cost";
  }
  return session.creditMicroUnits === 0 && session.lastMs > matureBeforeMs ? "maturing" : undefined;
}

/** Costs of a whole group, ascending, and their median. */
type Peers = { readonly costs: Float64Array; readonly usualNanoUsd: NanoUsd };

function peersByCohort(sessions: readonly ScoredSession[]): ReadonlyMap<string, Peers> {
  const costsUsd = new Map<string, number[]>();
  for (const { cohort, costNanoUsd } of sessions) {
    pushTo(costsUsd, cohort, usdForStatistics(costNanoUsd));
  }
  return new Map([...costsUsd].map(([cohort, costs]) => [cohort, peersOf(costs)]));
}

function peersOf(costsUsd: readonly number[]): Peers {
  const costs = ascending(costsUsd);
  return { costs, usualNanoUsd: nanoUsdFromNumber(quantileOfSorted(costs, 0.5)) };
}

/** The session itself is one of its peers. */
function compared(session: ScoredSession, { costs, usualNanoUsd }: Peers): SessionScore {
  const { costNanoUsd, creditMicroUnits } = session;
  const costUsd = usdForStatistics(costNanoUsd);
  return {
    session,
    kind: "scored",
    outcomePerUsd: creditMicroUnits / MICRO_UNITS_PER_UNIT / costUsd,
    p: (costs.length - countBelow(costs, costUsd)) / costs.length,
    peers: costs.length - 1,
    usualNanoUsd,
    excessNanoUsd: costNanoUsd > usualNanoUsd ? costNanoUsd - usualNanoUsd : 0n,
  };
}
