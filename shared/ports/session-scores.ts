import type { Day } from "../ledger/roll-ups.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** The judgement of one session, as it is stored. */
export type StoredSessionScore = {
  readonly user: UserPseudonym;
  readonly session: string;
  /** First day with spend: where the score is kept. */
  readonly day: Day;
  /** The score as text; equal scores are equal texts. */
  readonly score: string;
};

export type SessionScores = {
  readonly readBetween: (from: Day, to: Day) => Promise<readonly StoredSessionScore[]>;
  readonly put: (score: StoredSessionScore) => Promise<void>;
};
