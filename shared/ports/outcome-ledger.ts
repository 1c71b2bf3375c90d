import type { Day } from "../ledger/roll-ups.ts";
import type { OutcomeEvent } from "../outcomes/outcome-event.ts";

/** The append-only record of delivered work. */
export type OutcomeLedger = {
  /** @throws {LedgerUnavailableError} as `UsageLedger.append`. */
  readonly append: (outcome: OutcomeEvent) => Promise<"committed" | "duplicate" | "conflict">;
  /** Outcomes whose time is in `[from, to)`, in order of time and id. */
  readonly readBetween: (from: Day, to: Day) => Promise<readonly OutcomeEvent[]>;
};
