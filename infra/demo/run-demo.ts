import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { periodOfMonth } from "../../shared/ledger/calendar.ts";
import type { Month } from "../../shared/ledger/roll-ups.ts";
import { genaiPriceBook } from "../../shared/pricing/genai-price-book.ts";
import { dayOf, ENDS_MS } from "./calendar.ts";
import { deliveriesOf } from "./deliveries.ts";
import { DEMO_CONFIGURATION } from "./demo-configuration.ts";
import type { DemoResult } from "./demo-result.ts";
import { type DemoStack, importDirectory, startDemoStack } from "./demo-stack.ts";
import { directoryFile } from "./directory-file.ts";
import { decidedAlerts, metricCounts, minus, monthTotals, ownersEmails } from "./findings.ts";
import { auditLedger } from "./ledger-audit.ts";
import { type LiveRun, runLiveSession } from "./live-run.ts";
import { makeOrganisation, type Organisation } from "./organisation.ts";
import { phases, reportTimes, scoringTime } from "./phases.ts";
import type { Progress } from "./progress.ts";
import { PROJECT_ROOT } from "./project-root.ts";
import { countIdentities, moneyIdentities, type RecordCounts } from "./reconciliation.ts";
import { type MonthReport, readReport } from "./report-audit.ts";
import { runCost } from "./run-cost.ts";
import { telemetryOf } from "./telemetry.ts";
import { type Traffic, traffic } from "./traffic.ts";
import { judge, whoIsMeant } from "./verdicts.ts";

/** Where reports are copied to, so that they outlive the demo. */
const RESULT_FOLDER = join(PROJECT_ROOT, "outpace-demo");

const SCORING = "ScoringNightly";
const PREVIOUS_MONTH = "CostReportsPreviousMonth";

/** The last month that lies in the twelve weeks as a whole. */
const LAST_FULL_MONTH: Month = "2026-10";

const NightlySummary = z.object({
  sessions: z.object({ scored: z.number(), unscored: z.number() }),
});
type NightlySummary = z.infer<typeof NightlySummary>;

export type DemoOptions = {
  readonly seed: number;
  readonly progress: Progress;
};

/** The clock of this machine is before the demo's last day. */
export class ClockTooEarlyError extends Error {
  override readonly name = "ClockTooEarlyError";

  constructor(nowMs: number) {
    super(
      `the demo's twelve weeks end on 2026-11-01, and the clock of this machine says ${dayOf(nowMs)}: events that lie in the future are kept aside`,
    );
  }
}

/**
 * Boots the stack, sends it twelve weeks, fires its schedules, and looks at what came of it.
 *
 * @throws {ClockTooEarlyError}
 */
export async function runDemo({ seed, progress }: DemoOptions): Promise<DemoResult> {
  if (Date.now() < ENDS_MS) {
    throw new ClockTooEarlyError(Date.now());
  }
  const startedMs = performance.now();
  progress.say("making up the organisation");
  const organisation = makeOrganisation(seed);
  progress.say("building, synthesising and booting the stack");
  const stack = await startDemoStack();
  const sending = traffic(stack);
  try {
    await importDirectory(stack, directoryFile(organisation.people));
    // The import counts its file under the same names.
    const beforeTraffic = metricCounts(stack.host);
    const summary = await sendWeeks({ seed, organisation, stack, sending, progress });
    progress.say("one session runs away while we watch");
    const live = await runLiveSession(seed, organisation, stack, sending);
    const beforeCaptured = metricCounts(stack.host);
    await sending.captured();
    await stack.host.idle();
    const captured = minus(metricCounts(stack.host), beforeCaptured);
    progress.say("reading the ledger, the roll-ups and the reports");
    return {
      ...(await findings({ organisation, stack, sending, live, captured, beforeTraffic })),
      seed,
      sessions: summary.sessions,
      requests: sending.requests(),
      seconds: (performance.now() - startedMs) / 1_000,
    };
  } finally {
    sending.close();
    await stack.close();
  }
}

type Run = {
  readonly seed: number;
  readonly organisation: Organisation;
  readonly stack: DemoStack;
  readonly sending: Traffic;
  readonly progress: Progress;
};

/** Sends phase by phase; after each, what the clock would have started. */
async function sendWeeks(run: Run): Promise<NightlySummary> {
  const { organisation, progress, seed, sending, stack } = run;
  const bodies = organisation.sessions
    .flatMap((session) => telemetryOf(seed, session))
    .sort((a, b) => a.timeMs - b.timeMs);
  const deliveries = deliveriesOf(seed, organisation.changes);
  let sent = 0;
  let summary: NightlySummary = { sessions: { scored: 0, unscored: 0 } };
  for (const [index, phase] of phases().entries()) {
    const isIn = ({ timeMs }: { timeMs: number }) => timeMs >= phase.fromMs && timeMs < phase.toMs;
    const say = () => progress.say(`${phase.label}: ${sent} of ${bodies.length} bodies`);
    await sending.telemetry(bodies.filter(isIn), () => {
      sent += 1;
      say();
    });
    await sending.outcomes(deliveries.filter(isIn));
    if (index === 0) {
      await sending.flawed(Date.now());
    }
    await stack.host.idle();
    const result = await stack.host.fire(SCORING, new Date(scoringTime(phase)));
    summary = NightlySummary.parse(result);
    for (const time of reportTimes(phase)) {
      await stack.host.fire(PREVIOUS_MONTH, new Date(time));
    }
  }
  await stack.host.idle();
  return summary;
}

async function findings({
  organisation,
  stack,
  sending,
  live,
  captured,
  beforeTraffic,
}: Pick<Run, "organisation" | "stack" | "sending"> & {
  readonly live: LiveRun;
  readonly captured: RecordCounts;
  readonly beforeTraffic: RecordCounts;
}): Promise<Omit<DemoResult, "seed" | "sessions" | "requests" | "seconds">> {
  const { host, pseudonymise } = stack;
  const ledger = await auditLedger(
    stack.dynamoDb,
    stack.output("LedgerTableName"),
    genaiPriceBook(),
  );
  const reports = await finalReports(stack, [...ledger.totalByMonth.keys()].sort());
  const months = await monthTotals(stack, ledger, reports);
  const people = organisation.people.map(({ email, login, team }) => ({
    login,
    team: team.id,
    user: pseudonymise(email),
  }));
  const alerts = whoIsMeant(await decidedAlerts(stack), people);
  const outcomes = sending.outcomeAnswers();
  const events = minus(minus(metricCounts(host), beforeTraffic), outcomes);
  const answers = sending.usageAnswers();
  return {
    events,
    outcomes,
    unpricedCalls: ledger.unpricedCalls,
    months,
    month: LAST_FULL_MONTH,
    reportPath: keepReports(reports),
    alerts,
    emails: ownersEmails(
      host,
      DEMO_CONFIGURATION.owners.map(({ email }) => email),
    ),
    verdicts: judge(alerts, [...organisation.truths, live.truth]),
    live,
    identities: [
      ...countIdentities(
        events,
        {
          received: answers.received + captured.received,
          quarantined: answers.quarantined + captured.quarantined,
          rejected: answers.rejected + captured.rejected,
        },
        ledger.entries,
      ),
      ...moneyIdentities(months),
    ],
    cost: runCost(host.capacity.entries()),
  };
}

/** Closes every month again, now that all of it is there: the same figures where nothing came late. */
async function finalReports(
  stack: DemoStack,
  months: readonly Month[],
): Promise<ReadonlyMap<Month, MonthReport>> {
  const reports = new Map<Month, MonthReport>();
  for (const month of months) {
    const secondOfNext = new Date(`${periodOfMonth(month).to.slice(0, 8)}02T06:00:00Z`);
    await stack.host.fire(PREVIOUS_MONTH, secondOfNext);
    reports.set(month, await readReport(stack.s3, stack.output("ReportBucketName"), month));
  }
  return reports;
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
