import type { CapacityEntry } from "../local/capacity.ts";

/** Write request units by what they were spent on. */
export type RunCost = {
  /** Usage into the ledger, quarantine included. */
  readonly ledger: number;
  readonly rollUps: number;
  readonly outcomes: number;
  readonly scoring: number;
  readonly alerts: number;
};

const WRITES: ReadonlySet<string> = new Set([
  "BatchWriteItem",
  "DeleteItem",
  "PutItem",
  "TransactWriteItems",
  "UpdateItem",
]);

/** Functions by the start of their logical id in the template. */
const SPENT_ON: Readonly<Record<keyof RunCost, string>> = {
  ledger: "IngestionIngestUsage",
  rollUps: "RollUp",
  outcomes: "IngestionIngestOutcomes",
  scoring: "Scoring",
  alerts: "Alerting",
};

export function runCost(entries: readonly CapacityEntry[]): RunCost {
  const writes = entries.filter((entry) => WRITES.has(entry.operation));
  const unitsOf = (prefix: string) =>
    writes
      .filter((entry) => entry.function.startsWith(prefix))
      .reduce((total, { units }) => total + units, 0);
  return {
    ledger: unitsOf(SPENT_ON.ledger),
    rollUps: unitsOf(SPENT_ON.rollUps),
    outcomes: unitsOf(SPENT_ON.outcomes),
    scoring: unitsOf(SPENT_ON.scoring),
    alerts: unitsOf(SPENT_ON.alerts),
  };
}
