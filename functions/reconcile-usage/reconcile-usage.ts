import * as z from "zod";
import { type DirectoryLookup, directoryLookup } from "../../shared/directory/directory.ts";
import { addDays, dayOf, monthOf, periodOfMonth } from "../../shared/ledger/calendar.ts";
import type { Day, Month, UserDay } from "../../shared/ledger/roll-ups.ts";
import type { DirectoryStore } from "../../shared/ports/directory-store.ts";
import type { RollUps } from "../../shared/ports/insights.ts";
import type { Notifier } from "../../shared/ports/notifier.ts";
import type { ProviderStatements } from "../../shared/ports/provider-statements.ts";
import type { ReportStore } from "../../shared/ports/report-store.ts";
import type { PriceBook } from "../../shared/pricing/price-book.ts";
import type { ProviderStatement } from "../../shared/reconciliation/provider-statement.ts";
import { type Reconciled, reconcile } from "../../shared/reconciliation/reconcile.ts";
import { reconciliationCsv } from "../../shared/reconciliation/reconciliation-csv.ts";
import { reconciliationSummary } from "../../shared/reconciliation/reconciliation-summary.ts";
import { providerGaps, quietSources } from "../../shared/reconciliation/silent-loss.ts";
import { silentLossText } from "../../shared/reconciliation/silent-loss-text.ts";
import { teamCoverage } from "../../shared/reconciliation/team-coverage.ts";

export type ReconcileUsageDeps = {
  readonly rollUps: Pick<RollUps, "readBetween">;
  readonly statements: Pick<ProviderStatements, "readBetween">;
  readonly directory: Pick<DirectoryStore, "read">;
  readonly reports: ReportStore;
  readonly notifier: Pick<Notifier, "operations">;
  readonly priceBook: PriceBook;
};

const ReconcileEvent = z.object({ scheduledTime: z.iso.datetime({ offset: true }) });

/** Providers restate a day until it is about this old: a gap before that is commonly only late. */
const SETTLED_AFTER_DAYS = 3;
/** How far back a source must have been in use to be missed. */
const LOOK_BACK_DAYS = 8;

export type ReconcileUsageResult = {
  readonly months: readonly Month[];
  readonly comparisons: number;
  readonly quietSources: number;
  readonly gaps: number;
};

/**
 * Holds the ledger against what providers say, every night: writes the comparison of each month that
 * can still change, and tells the operators once of a source that fell silent yesterday, or of a gap
 * in the day, and in last month's invoice, that is settled by now.
 */
export function reconcileUsageHandler(deps: ReconcileUsageDeps) {
  return async (event: unknown): Promise<ReconcileUsageResult> => {
    const { scheduledTime } = ReconcileEvent.parse(event);
    const today = dayOf(Date.parse(scheduledTime));
    const settled = addDays(today, -1 - SETTLED_AFTER_DAYS);
    const months = [...new Set([monthOf(addDays(today, -LOOK_BACK_DAYS)), monthOf(today)])];
    const directory = directoryLookup(await deps.directory.read());
    const reconciled: Reconciled[] = [];
    const userDays: UserDay[] = [];
    for (const month of months) {
      const books = await readMonth(month, deps);
      const ofMonth = reconcile({ ...books, priceBook: deps.priceBook, directory });
      await writeMonth(month, ofMonth, { directory, scheduledTime, reports: deps.reports });
      reconciled.push(...ofMonth);
      userDays.push(...books.userDays);
    }
    const loss = {
      quiet: quietSources(userDays, addDays(today, -1)),
      gaps: [settled, ...invoicesDue(today)].flatMap((period) => providerGaps(reconciled, period)),
    };
    const message = silentLossText(loss);
    if (message !== undefined) {
      await deps.notifier.operations(message.subject, message.text);
    }
    const result = {
      months,
      comparisons: reconciled.length,
      quietSources: loss.quiet.length,
      gaps: loss.gaps.length,
    };
    console.info(result);
    return result;
  };
}

async function readMonth(
  month: Month,
  { rollUps, statements }: ReconcileUsageDeps,
): Promise<{ userDays: readonly UserDay[]; statements: readonly ProviderStatement[] }> {
  const { from, to } = periodOfMonth(month);
  const [{ userDays }, ofMonth] = await Promise.all([
    rollUps.readBetween(from, to),
    statements.readBetween(from, to),
  ]);
  return { userDays, statements: ofMonth };
}

async function writeMonth(
  month: Month,
  reconciled: readonly Reconciled[],
  about: {
    readonly directory: DirectoryLookup;
    readonly scheduledTime: string;
    readonly reports: ReportStore;
  },
): Promise<void> {
  const { directory, scheduledTime, reports } = about;
  await reports.put(
    `reports/${month}/reconciliation.csv`,
    "text/csv; charset=utf-8",
    reconciliationCsv(reconciled, directory),
  );
  await reports.put(
    `reports/${month}/reconciliation.json`,
    "application/json",
    reconciliationSummary({
      month,
      generatedFor: scheduledTime,
      reconciled,
      coverage: teamCoverage(reconciled, directory),
    }),
  );
}

/** Finance enters an invoice in the first days of the next month; it is told of on the eighth. */
function invoicesDue(today: Day): readonly Month[] {
  return today.endsWith("-08") ? [monthOf(addDays(today, -LOOK_BACK_DAYS))] : [];
}
