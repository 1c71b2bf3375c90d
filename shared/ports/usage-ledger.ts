import type { Day } from "../ledger/roll-ups.ts";
import type { Quarantined } from "../usage/parsed-batch.ts";
import type { UsageEvent, UserPseudonym } from "../usage/usage-event.ts";

/** What became of one event: `committed` and `duplicate` are durable; `quarantined` has to be kept. */
export type AppendOutcome =
  | { readonly kind: "committed" }
  | { readonly kind: "duplicate" }
  | { readonly kind: "quarantined"; readonly quarantined: Quarantined<UsageEvent> };

/** The append-only record of usage. Exactly once, for ever: the entry itself is the dedupe record. */
export type UsageLedger = {
  /**
   * Appends events; the answer has one outcome for each, in order. Appending again, in any batch
   * or order, changes nothing.
   *
   * @throws {LedgerUnavailableError} if some events may not be durable: the caller must ask its
   *   sender to send again.
   */
  readonly append: (events: readonly UsageEvent[]) => Promise<readonly AppendOutcome[]>;
  /** Every entry of a user's day, of every grain. */
  readonly readUserDay: (user: UserPseudonym, day: Day) => Promise<readonly UsageEvent[]>;
};

/** The store is throttled, timing out or down: what was sent has to be sent again. */
export class LedgerUnavailableError extends Error {
  override readonly name = "LedgerUnavailableError";
  readonly retryAfterSeconds: number;

  constructor(cause: unknown, retryAfterSeconds = 2) {
    super("the ledger is not available for the moment", { cause });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
