import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HISTORY_PREFIX } from "../../functions/adapters/alert-keys.ts";
import { dynamoDbRollUps } from "../../functions/adapters/dynamodb-roll-ups.ts";
import type { Alert } from "../../shared/alerts/alert.ts";
import { alertFromJson } from "../../shared/alerts/alert-codec.ts";
import { periodOfMonth } from "../../shared/ledger/calendar.ts";
import type { Month } from "../../shared/ledger/roll-ups.ts";
import type { NanoUsd } from "../../shared/money/nano-usd.ts";
import type { Host } from "../local/host.ts";
import type { DemoStack } from "./demo-stack.ts";
import { type LedgerAudit, scanTable } from "./ledger-audit.ts";
import type { MonthTotals, RecordCounts } from "./reconciliation.ts";
import { csvTotal, type MonthReport, statedTotal } from "./report-audit.ts";

/** All alerts that were decided, in order of what they were decided as of. */
export async function decidedAlerts({ dynamoDb, output }: DemoStack): Promise<readonly Alert[]> {
  const items = await scanTable(dynamoDb, output("InsightsTableName"));
  return items
    .filter((item) => item["pk"]?.S?.startsWith(HISTORY_PREFIX) === true)
    .map((item) => alertFromJson(item["alert"]?.S ?? ""))
    .sort((a, b) => a.asOfMs - b.asOfMs);
}

/** How often owners were told of an alert once more, at a later age. */
export async function followUps({ dynamoDb, output }: DemoStack): Promise<number> {
  const items = await scanTable(dynamoDb, output("InsightsTableName"));
  return items.filter((item) => /^[\d-]+#follow-up-/.test(item["sk"]?.S ?? "")).length;
}

/** Each e-mail to an owner as it lies in the outbox, oldest first. */
export function ownersEmails({ outboxDir }: Host, ownerAddresses: readonly string[]): string[] {
  const folder = join(outboxDir, "email");
  return (existsSync(folder) ? readdirSync(folder).sort() : [])
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .filter((email) => ownerAddresses.some((address) => email.startsWith(`To: ${address}\n`)));
}

/** Sums of what the functions printed as metrics. */
export function metricCounts({ metrics }: Host): RecordCounts {
  const sum = (name: string) => metrics.get(name) ?? 0;
  return {
    received: sum("Received"),
    committed: sum("Committed"),
    duplicate: sum("Duplicate"),
    quarantined: sum("Quarantined"),
    rejected: sum("Rejected"),
  };
}

/** Two sets of counts, one taken from the other. */
export function minus(all: RecordCounts, part: Partial<RecordCounts>): RecordCounts {
  return {
    received: all.received - (part.received ?? 0),
    committed: all.committed - (part.committed ?? 0),
    duplicate: all.duplicate - (part.duplicate ?? 0),
    quarantined: all.quarantined - (part.quarantined ?? 0),
    rejected: all.rejected - (part.rejected ?? 0),
  };
}

export async function monthTotals(
  stack: DemoStack,
  ledger: LedgerAudit,
  reports: ReadonlyMap<Month, MonthReport>,
): Promise<readonly MonthTotals[]> {
  const months = [...new Set([...ledger.totalByMonth.keys(), ...reports.keys()])].sort();
  return await Promise.all(
    months.map(async (month) => {
      const report = reports.get(month);
      return {
        month,
        ledgerNanoUsd: ledger.totalByMonth.get(month) ?? 0n,
        rollUpNanoUsd: await rollUpTotal(stack, month),
        reportNanoUsd: report === undefined ? 0n : csvTotal(report),
        statedNanoUsd: report === undefined ? 0n : statedTotal(report),
      };
    }),
  );
}

async function rollUpTotal({ dynamoDb, output }: DemoStack, month: Month): Promise<NanoUsd> {
  const { from, to } = periodOfMonth(month);
  const rollUps = dynamoDbRollUps(dynamoDb, output("InsightsTableName"));
  const { userDays: days } = await rollUps.readBetween(from, to);
  return days.reduce((total, { costNanoUsd }) => total + costNanoUsd, 0n);
}
