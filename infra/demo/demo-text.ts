import { relative } from "node:path";
import { periodOf } from "../../shared/alerts/unit-period.ts";
import { dollars, exactUsd } from "../../shared/money/nano-usd.ts";
import { perEvent } from "./demo-json.ts";
import type { DemoResult } from "./demo-result.ts";
import type { LiveRun } from "./live-run.ts";
import type { RecordCounts } from "./reconciliation.ts";
import { holds, totalOf } from "./reconciliation.ts";
import type { GroundTruth } from "./seasons.ts";
import type { KnownAlert } from "./verdicts.ts";

const RULE = "─".repeat(78);

/** The end of the demo, for people. */
export function demoText(result: DemoResult): string {
  return [
    alertsText(result),
    verdictsText(result),
    reportText(result),
    reconciliationText(result),
    costText(result),
  ].join("\n\n");
}

function alertsText({ emails }: DemoResult): string {
  return [
    heading(`${emails.length} alerts, as the budget owners got them by e-mail`),
    ...emails.map((email) => `${email.trim()}\n${RULE}`),
  ].join("\n");
}

function verdictsText({ live, verdicts }: DemoResult): string {
  const { everyday, honest, waste } = verdicts;
  const caught = waste.filter(({ alerts }) => alerts.length > 0).length;
  return [
    heading("What the demo put in, and what was made of it"),
    `Waste: ${caught} of ${waste.length} cases alerted.`,
    ...waste.map(({ alerts, truth }) =>
      truthLine(alerts.length > 0 ? "caught" : "missed", truth, alerts),
    ),
    "",
    "Unusual and honest:",
    ...honest.map(({ alerts, truth }) =>
      truthLine(alerts.length > 0 ? "wrongly alerted" : "rightly not alerted", truth, alerts),
    ),
    "",
    liveLine(live),
    "",
    `Alerts about everyday work: ${everyday.length}.`,
    ...everyday.map((alert) => `  ${alert.login}  ${alertLine(alert)}`),
  ].join("\n");
}

function liveLine({ toldAfterMs, toldAtNanoUsd, totalNanoUsd }: LiveRun): string {
  return toldAtNanoUsd === undefined || toldAfterMs === undefined
    ? `The session that ran away went on to ${dollars(totalNanoUsd)}: nobody was told.`
    : `The session that ran away was reported at ${dollars(toldAtNanoUsd)}, ${(toldAfterMs / 1_000).toFixed(1)} s after the call that decided it; it went on to ${dollars(totalNanoUsd)}.`;
}

function truthLine(verdict: string, truth: GroundTruth, alerts: readonly KnownAlert[]): string {
  const period = `${truth.from} to ${truth.to}`;
  return [
    `  ${verdict}: ${truth.kind}, ${truth.user}, ${period}: ${truth.note}`,
    ...alerts.map((alert) => `      ${alertLine(alert)}`),
  ].join("\n");
}

function alertLine({ alert }: KnownAlert): string {
  const cost = dollars(alert.evidence.costNanoUsd);
  const { unit } = alert;
  const { from } = periodOf(unit);
  const about = {
    session: `session on ${from}`,
    "user-day": `day ${from}`,
    "user-window": `seven days from ${from}`,
    "team-window": `team's seven days from ${from}`,
  }[unit.kind];
  return `${alert.type}, ${about}, ${cost}, told ${alert.owner}`;
}

function reportText({ month, months, reportPath }: DemoResult): string {
  return [
    heading("What finance gets"),
    ...months.map(
      (totals) =>
        `  ${totals.month}  $${exactUsd(totals.reportNanoUsd)}  ${relative(process.cwd(), reportPath)}/${totals.month}/costs.csv`,
    ),
    `  The month that has just ended is ${month}.`,
  ].join("\n");
}

function reconciliationText({ events, identities, months, outcomes, unpricedCalls }: DemoResult) {
  const total = totalOf(months);
  const broken = identities.filter((identity) => !holds(identity));
  return [
    heading("Does it add up?"),
    `  ${countsLine(events)}`,
    `  ${number(unpricedCalls)} call without a known price: counted, shown, never taken for free`,
    `  ${number(outcomes.received)} outcomes from the code host, ${number(outcomes.committed)} of them new`,
    ...[...months, total].map(
      (totals) =>
        `  ${totals.month.padEnd(7)}  ledger ${exactUsd(totals.ledgerNanoUsd)} = roll-ups ${exactUsd(totals.rollUpNanoUsd)} = report ${exactUsd(totals.reportNanoUsd)}`,
    ),
    broken.length === 0
      ? `  All ${identities.length} identities hold, to the record and to the nano-dollar.`
      : `  ${broken.length} of ${identities.length} identities do not hold:`,
    ...broken.map(({ left, name, right }) => `    ${name}: ${left} is not ${right}`),
  ].join("\n");
}

function countsLine(counts: RecordCounts): string {
  const { committed, duplicate, quarantined, received, rejected } = counts;
  return `received ${number(received)} = committed ${number(committed)} + duplicate ${number(duplicate)} + quarantined ${number(quarantined)} + rejected ${number(rejected)}`;
}

function costText({ cost, events, requests, seconds, sessions }: DemoResult): string {
  const perCall = (units: number) => perEvent(units, events.committed).toFixed(3);
  return [
    heading("What the run cost"),
    `  write request units per event: ${perCall(cost.ledger + cost.rollUps)} (ledger ${perCall(cost.ledger)}, roll-ups ${perCall(cost.rollUps)})`,
    `  in all: ledger ${number(cost.ledger)}, roll-ups ${number(cost.rollUps)}, outcomes ${number(cost.outcomes)}, scoring ${number(cost.scoring)}, alerts ${number(cost.alerts)}, other ${number(cost.other)}`,
    `  ${number(sessions.scored)} sessions scored, ${number(sessions.unscored)} unscored`,
    `  ${number(requests)} requests over HTTP; ${seconds.toFixed(1)} seconds`,
  ].join("\n");
}

function heading(text: string): string {
  return `${text.toUpperCase()}\n${RULE}`;
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
