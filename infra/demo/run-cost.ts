import type { CapacityEntry } from "../local/capacity.ts";

/** Write request units by what they were spent on. */
export type RunCost = {
  /** Usage into the ledger, quarantine included. */
  readonly ledger: number;
  readonly rollUps: number;
  readonly outcomes: number;
  readonly scoring: number;
  readonly alerts: number;
  /** The import of the directory, and whatever else writes. */
  readonly other: number;
};

const WRITES: ReadonlySet<string> = new Set([
  "BatchWriteItem",
  "DeleteItem",
  "PutItem",
  "TransactWriteItems",
  "UpdateItem",
]);

/** Functions by the start of their logical id in the template. */
const SPENT_ON: Readonly<Record<Exclude<keyof RunCost, "other">, string>> = {
  ledger: "IngestionIngestUsage",
  rollUps: "RollUp",
  outcomes: "IngestionIngestOutcomes",
  scoring: "Scoring",
  alerts: "Alerting",
};

export function runCost(entries: readonly CapacityEntry[]): RunCost {
  const cost = { ledger: 0, rollUps: 0, outcomes: 0, scoring: 0, alerts: 0, other: 0 };
  for (const entry of entries.filter(({ operation }) => WRITES.has(operation))) {
    cost[spentOn(entry)] += entry.units;
  }
  return cost;
}

function spentOn(entry: CapacityEntry): keyof RunCost {
  const names = ["ledger", "rollUps", "outcomes", "scoring", "alerts"] as const;
  return names.find((name) => entry.function.startsWith(SPENT_ON[name])) ?? "other";
}
