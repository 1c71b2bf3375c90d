import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { periodOfMonth } from "../../shared/ledger/calendar.ts";
import { REQUESTS_FIRST } from "../../shared/ledger/grain-authority.ts";
import type { Month } from "../../shared/ledger/roll-ups.ts";
import { genaiPriceBook } from "../../shared/pricing/genai-price-book.ts";
import type { DemoStack } from "./demo-stack.ts";
import { monthTotals } from "./findings.ts";
import { auditLedger, type LedgerAudit } from "./ledger-audit.ts";
import { PREVIOUS_MONTH } from "./phases.ts";
import { PROJECT_ROOT } from "./project-root.ts";
import type { MonthTotals } from "./reconciliation.ts";
import { type MonthReport, readReport } from "./report-audit.ts";

/** What was spent, by the ledger, by the roll-ups and by the reports. */
export type Books = {
  readonly ledger: LedgerAudit;
  readonly months: readonly MonthTotals[];
  /** The folder that the reports were copied to, so that they outlive the demo. */
  readonly reportPath: string;
};

const RESULT_FOLDER = join(PROJECT_ROOT, "outpace-demo");

/** Reads all three, and reports every month that has spend once more, now that all of it is there. */
export async function readBooks(stack: DemoStack): Promise<Books> {
  const ledger = await auditLedger(stack.dynamoDb, stack.output("LedgerTableName"), {
    priceBook: genaiPriceBook(),
    authority: REQUESTS_FIRST,
  });
  const reports = new Map<Month, MonthReport>();
  for (const month of [...ledger.totalByMonth.keys()].sort()) {
    const secondOfNext = new Date(`${periodOfMonth(month).to.slice(0, 8)}02T06:00:00Z`);
    await stack.host.fire(PREVIOUS_MONTH, secondOfNext);
    reports.set(month, await readReport(stack.s3, stack.output("ReportBucketName"), month));
  }
  return {
    ledger,
    months: await monthTotals(stack, ledger, reports),
    reportPath: keepReports(reports),
  };
}

function keepReports(reports: ReadonlyMap<Month, MonthReport>): string {
  rmSync(RESULT_FOLDER, { recursive: true, force: true });
  for (const [month, { csv, summary }] of reports) {
    const folder = join(RESULT_FOLDER, month);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "costs.csv"), csv);
    writeFileSync(join(folder, "summary.json"), summary);
  }
  return RESULT_FOLDER;
}
