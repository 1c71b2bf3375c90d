import type { DirectoryTable } from "./directory-table.ts";
import type { InsightsTable } from "./insights-table.ts";
import type { LedgerTable } from "./ledger-table.ts";

/** The three tables of the stack. */
export type Tables = {
  readonly ledger: LedgerTable;
  readonly insights: InsightsTable;
  readonly directory: DirectoryTable;
};
