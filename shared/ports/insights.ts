import type { Day, RollUpVersion, SessionDay, UserDay } from "../ledger/roll-ups.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

export type RollUpsOfPeriod = {
  readonly userDays: readonly UserDay[];
  readonly sessionDays: readonly SessionDay[];
};

/** What is stored of a user's day. */
export type StoredDay = {
  readonly userDay?: UserDay;
  readonly sessionDays: readonly SessionDay[];
  /** The highest place of all of it (`orderOf`), also of sessions that were taken away; 0 of nothing. */
  readonly order: number;
};

/** Roll-ups: disposable, absolute values that the ledger can rebuild. */
export type RollUps = {
  /** What is stored of a user's day now. */
  readonly read: (user: UserPseudonym, day: Day) => Promise<StoredDay>;
  /**
   * Stores a value if what is there is still what was read, and not newer. Answers whether it was
   * stored: if not, somebody else has recomputed the day in between.
   */
  readonly putUserDay: (value: UserDay, read: UserDay | undefined) => Promise<boolean>;
  /** Stores a value unless what is there is newer. */
  readonly putSessionDay: (value: SessionDay) => Promise<void>;
  /** Takes away what is stored of a session, unless that is newer. */
  readonly removeSessionDay: (value: SessionDay, version: RollUpVersion) => Promise<void>;
  /**
   * All roll-ups of `[from, to)`, in one pass. They may be packed (`shared/ledger/packed`): a field that is
   * named is there, a spread copies none.
   */
  readonly readBetween: (from: Day, to: Day) => Promise<RollUpsOfPeriod>;
};
