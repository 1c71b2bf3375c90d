import type { Day, SessionDay, UserDay } from "../ledger/roll-ups.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

export type RollUpsOfPeriod = {
  readonly userDays: readonly UserDay[];
  readonly sessionDays: readonly SessionDay[];
};

/** Roll-ups: disposable, absolute values that the ledger can rebuild. */
export type RollUps = {
  /** What is stored of a user's day now. */
  readonly read: (
    user: UserPseudonym,
    day: Day,
  ) => Promise<{ readonly userDay?: UserDay; readonly sessionDays: readonly SessionDay[] }>;
  /** Stores a value unless what is there is newer. Answers whether it was stored. */
  readonly putUserDay: (value: UserDay) => Promise<boolean>;
  readonly putSessionDay: (value: SessionDay) => Promise<boolean>;
  readonly userDaysBetween: (from: Day, to: Day) => Promise<readonly UserDay[]>;
  /** All roll-ups of `[from, to)`, in one pass. */
  readonly readBetween: (from: Day, to: Day) => Promise<RollUpsOfPeriod>;
};
