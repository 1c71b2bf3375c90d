import type { Month } from "../../shared/ledger/roll-ups.ts";
import type { LiveRun } from "./live-run.ts";
import type { Identity, MonthTotals, RecordCounts } from "./reconciliation.ts";
import type { RunCost } from "./run-cost.ts";
import type { KnownAlert, Verdicts } from "./verdicts.ts";

/** Everything that the demo found out, in the stack and about it. */
export type DemoResult = {
  readonly seed: number;
  /** Usage, by the metrics of the functions. */
  readonly events: RecordCounts;
  readonly outcomes: { readonly received: number; readonly committed: number };
  readonly unpricedCalls: number;
  readonly months: readonly MonthTotals[];
  /** The month of the report that is shown. */
  readonly month: Month;
  /** Where the reports were copied to. */
  readonly reportPath: string;
  readonly sessions: { readonly scored: number; readonly unscored: number };
  readonly alerts: readonly KnownAlert[];
  /** Each e-mail as it lies in the outbox, oldest first. */
  readonly emails: readonly string[];
  readonly verdicts: Verdicts;
  readonly live: LiveRun;
  readonly identities: readonly Identity[];
  readonly cost: RunCost;
  readonly requests: number;
  readonly seconds: number;
};
