import * as z from "zod";
import { type DirectoryLookup, directoryLookup } from "../../shared/directory/directory.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { addDays, dayOf, monthOf, periodOfMonth } from "../../shared/ledger/calendar.ts";
import type { Month } from "../../shared/ledger/roll-ups.ts";
import { deliveryRules } from "../../shared/outcomes/delivery-rules.ts";
import type { DirectoryStore } from "../../shared/ports/directory-store.ts";
import type { RollUps } from "../../shared/ports/insights.ts";
import type { OutcomeLedger } from "../../shared/ports/outcome-ledger.ts";
import type { ReportStore } from "../../shared/ports/report-store.ts";
import type { PriceSettings } from "../../shared/pricing/price-settings.ts";
import { monthlyCosts } from "../../shared/reports/monthly-costs.ts";
import { monthlyCostsCsv } from "../../shared/reports/monthly-costs-csv.ts";
import { monthlyCostsSummary } from "../../shared/reports/monthly-costs-summary.ts";
import { seatRows } from "../../shared/reports/seat-rows.ts";
import { useCaseCosts } from "../../shared/reports/use-case-costs.ts";
import {
  type UseCaseDeliveries,
  useCaseDeliveries,
} from "../../shared/reports/use-case-deliveries.ts";

export type ReportCostsDeps = {
  readonly rollUps: Pick<RollUps, "readBetween">;
  readonly directory: Pick<DirectoryStore, "read">;
  readonly reports: ReportStore;
  readonly prices: Pick<PriceSettings, "seats" | "rates">;
  readonly outcomes: Pick<OutcomeLedger, "readBetween">;
  readonly settings: Settings;
};

/** Of work before the month that tasks of the month may go on with. */
const DAYS_OF_EARLIER_WORK = 31;

const ReportCostsEvent = z.object({
  scheduledTime: z.iso.datetime({ offset: true }),
  period: z.enum(["month-to-date", "previous-month"]),
});
export type ReportCostsEvent = z.infer<typeof ReportCostsEvent>;

export type ReportCostsResult = {
  readonly month: Month;
  /** Of the CSV, in the report bucket. */
  readonly path: string;
  readonly totalNanoUsd: string;
  readonly rows: number;
  readonly provisional: boolean;
};

/**
 * Writes a month's cost report. The scheduled time decides the month, not the clock, so a run that
 * is repeated or late writes the report that was meant.
 */
export function reportCostsHandler(deps: ReportCostsDeps) {
  const { rollUps, directory, reports, prices, settings } = deps;
  return async (event: unknown): Promise<ReportCostsResult> => {
    const { scheduledTime, period } = ReportCostsEvent.parse(event);
    const month = monthToReport(scheduledTime, period);
    const { from, to } = periodOfMonth(month);
    const [{ userDays, sessionDays }, people] = await Promise.all([
      rollUps.readBetween(from, to),
      directory.read(),
    ]);
    const seats = seatRows(prices, { directory: people, teams: settings.teams }, month);
    const lookup = directoryLookup(people);
    const costs = monthlyCosts(userDays, lookup, month, seats);
    const byUseCase = useCaseCosts({
      userDays,
      sessionDays,
      directory: lookup,
      month,
      registry: settings.useCases,
      deliveries: await deliveriesOf(month, Date.parse(scheduledTime), lookup, deps),
    });
    const provisional = period === "month-to-date";
    const path = `reports/${month}/costs.csv`;

    await reports.put(path, "text/csv; charset=utf-8", monthlyCostsCsv(costs.rows));
    // Last: where the summary is new, the rows it sums up are there.
    await reports.put(
      `reports/${month}/summary.json`,
      "application/json",
      monthlyCostsSummary(costs, byUseCase, { provisional, generatedFor: scheduledTime }),
    );

    const result = {
      month,
      path,
      totalNanoUsd: costs.totalNanoUsd.toString(),
      rows: costs.rows.length,
      provisional,
    };
    console.info(result);
    return result;
  };
}

/** What was delivered of the registered use cases, as it stood when the run was due. */
async function deliveriesOf(
  month: Month,
  asOfMs: number,
  directory: DirectoryLookup,
  { outcomes, settings }: ReportCostsDeps,
): Promise<UseCaseDeliveries> {
  if (settings.useCases.length === 0) {
    return new Map();
  }
  const today = dayOf(asOfMs);
  const from = addDays(periodOfMonth(month).from, -DAYS_OF_EARLIER_WORK);
  return useCaseDeliveries({
    outcomes: await outcomes.readBetween(from, addDays(today, 1)),
    ...deliveryRules(settings, directory, today),
    month,
    asOfMs,
  });
}

function monthToReport(scheduledTime: string, period: ReportCostsEvent["period"]): Month {
  const current = monthOf(dayOf(Date.parse(scheduledTime)));
  if (period === "month-to-date") {
    return current;
  }
  const { from } = periodOfMonth(current);
  return monthOf(dayOf(Date.parse(`${from}T00:00:00Z`) - 1));
}
