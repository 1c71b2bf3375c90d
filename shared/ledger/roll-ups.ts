import type { NanoUsd } from "../money/nano-usd.ts";
import type { Credits, TokenBuckets, UserPseudonym } from "../usage/usage-event.ts";

/** Calendar day in UTC, `YYYY-MM-DD`. */
export type Day = string;
/** Calendar month in UTC, `YYYY-MM`. */
export type Month = string;

/** One (tool, provider, model) of a user's day: what the monthly report lists. */
export type CostLine = {
  readonly tool: string;
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly tokens: TokenBuckets;
  /**
   * Cost by the price book, list or configured; for a model that it does not know, the sender's own figure.
   * Calls with neither are in `unpricedCalls` and add nothing here: unknown is never zero.
   */
  readonly costNanoUsd: NanoUsd;
  readonly unpricedCalls: number;
  /** Calls whose cost is the sender's figure, not the price book's. */
  readonly reportedBasisCalls: number;
  /** Calls whose price the configuration states, if there are any. */
  readonly configuredBasisCalls?: number;
  /** Of a vendor that sells credits. */
  readonly credits?: Credits;
  /** The line is what a source said of the day, not a sum of calls. */
  readonly grain?: "day";
};

/** What makes one value of a roll-up newer than another. */
export type RollUpVersion = {
  /**
   * Number of ledger entries that the user's day rests on, those within minutes of it on the days beside it
   * and those of the person's other names included. Of the same names it only grows, as the ledger is
   * append-only.
   */
  readonly entries: number;
  /** Version of the rules that it was folded by: the price book, and the authorities that are set. */
  readonly priceBook: string;
  /** All names of the person that it was folded over, where the directory knows more than one. */
  readonly names?: string;
  /** How often those have changed since the day's first value; left out while they never have. */
  readonly nameChanges?: number;
};

/** Absolute value, recomputed from the ledger: never a counter. */
export type UserDay = {
  readonly user: UserPseudonym;
  readonly day: Day;
  readonly calls: number;
  readonly costNanoUsd: NanoUsd;
  readonly unpricedCalls: number;
  /** Distinct sessions with spend on this day. */
  readonly sessions: number;
  /** Calls that carry a fingerprint, and how many different ones: 1 - distinct/calls are repeats. */
  readonly fingerprintedCalls: number;
  readonly distinctFingerprints: number;
  readonly lines: readonly CostLine[];
  /**
   * What the grain that is not the authority says of the same day, by line: never in any sum, only
   * compared. Absent if every tool was stated in one grain.
   */
  readonly otherGrain?: readonly CostLine[];
  readonly version: RollUpVersion;
};

/** One session on one day; a session over midnight has one for each day. */
export type SessionDay = {
  readonly user: UserPseudonym;
  readonly day: Day;
  readonly session: string;
  readonly tools: readonly string[];
  readonly calls: number;
  readonly costNanoUsd: NanoUsd;
  readonly unpricedCalls: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly agents: number;
  readonly fingerprintedCalls: number;
  readonly distinctFingerprints: number;
  readonly useCases: readonly string[];
  readonly repositories: readonly string[];
  readonly branches: readonly string[];
  readonly commits: readonly string[];
  readonly version: RollUpVersion;
};
