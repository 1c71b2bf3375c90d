import type { Day } from "../ledger/roll-ups.ts";
import type { ProviderStatement } from "../reconciliation/provider-statement.ts";

/** What providers and finance say of days and months. One value a row: the latest. */
export type ProviderStatements = {
  /**
   * Keeps a statement unless a later one of the same row is there. Keeping again changes nothing.
   *
   * @throws {LedgerUnavailableError} if it may not be durable.
   */
  readonly put: (statement: ProviderStatement) => Promise<void>;
  /** Those whose period begins in `[from, to)`. */
  readonly readBetween: (from: Day, to: Day) => Promise<readonly ProviderStatement[]>;
};
