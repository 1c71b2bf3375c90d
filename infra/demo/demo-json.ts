import { emailText } from "../../shared/alerts/alert-email.ts";
import { explain } from "../../shared/alerts/explanation.ts";
import { exactUsd } from "../../shared/money/nano-usd.ts";
import type { DemoResult } from "./demo-result.ts";
import type { MonthTotals } from "./reconciliation.ts";
import { totalOf } from "./reconciliation.ts";

/** The result for programs. Money is text: whole nano-USD, or USD with nine decimals. */
export function demoJson(result: DemoResult): string {
  const { alerts, cost, events, live, month, months, reportPath, seconds, sessions } = result;
  const shown = months.find((totals) => totals.month === month);
  const json = {
    seed: result.seed,
    events,
    unpricedCalls: result.unpricedCalls,
    outcomes: result.outcomes,
    ...(shown && monthFields(shown, reportPath)),
    months: months.map((totals) => monthFields(totals, reportPath)),
    total: totalFields(totalOf(months)),
    sessions,
    alerts: alerts.map(({ alert }) => ({
      type: alert.type,
      owner: alert.owner,
      unit: alert.unit,
      costUsd: exactUsd(alert.evidence.costNanoUsd),
      explanation: emailText(explain(alert)),
    })),
    groundTruth: [...result.verdicts.waste, ...result.verdicts.honest].map(
      ({ truth, alerts: about }) => ({
        ...truth,
        alerts: about.map(({ alert }) => alert.id),
      }),
    ),
    live: {
      toldAtUsd: live.toldAtNanoUsd === undefined ? null : exactUsd(live.toldAtNanoUsd),
      toldAfterMs: live.toldAfterMs === undefined ? null : Math.round(live.toldAfterMs),
      totalUsd: exactUsd(live.totalNanoUsd),
    },
    wruPerEvent: perEvent(cost.ledger + cost.rollUps, events.committed),
    wru: {
      ...cost,
      ledgerPerEvent: perEvent(cost.ledger, events.committed),
      rollUpsPerEvent: perEvent(cost.rollUps, events.committed),
    },
    seconds: Math.round(seconds * 10) / 10,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function monthFields(totals: MonthTotals, reportPath: string) {
  return {
    month: totals.month,
    ledgerTotalNanoUsd: totals.ledgerNanoUsd.toString(),
    rollupTotalNanoUsd: totals.rollUpNanoUsd.toString(),
    report: {
      month: totals.month,
      path: `${reportPath}/${totals.month}/costs.csv`,
      totalNanoUsd: totals.reportNanoUsd.toString(),
    },
  };
}

function totalFields(totals: MonthTotals) {
  return {
    ledgerTotalNanoUsd: totals.ledgerNanoUsd.toString(),
    rollupTotalNanoUsd: totals.rollUpNanoUsd.toString(),
    reportTotalNanoUsd: totals.reportNanoUsd.toString(),
  };
}

export function perEvent(units: number, events: number): number {
  return events === 0 ? 0 : Math.round((units / events) * 10_000) / 10_000;
}
