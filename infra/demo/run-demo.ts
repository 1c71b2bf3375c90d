import * as z from "zod";
import type { Month } from "../../shared/ledger/roll-ups.ts";
import { CommandError } from "../cli/command-line.ts";
import { readBooks } from "./books.ts";
import { dayOf, ENDS_MS } from "./calendar.ts";
import { deliveriesOf } from "./deliveries.ts";
import { DEMO_CONFIGURATION } from "./demo-configuration.ts";
import type { DemoResult } from "./demo-result.ts";
import { type DemoStack, importDirectory, startDemoStack } from "./demo-stack.ts";
import { directoryFile } from "./directory-file.ts";
import { decidedAlerts, followUps, metricCounts, minus, ownersEmails } from "./findings.ts";
import { runLiveSession } from "./live-run.ts";
import { makeOrganisation, type Organisation } from "./organisation.ts";
import { type Phase, PREVIOUS_MONTH, phases, reportTimes, SCORING, scoringTime } from "./phases.ts";
import type { Progress } from "./progress.ts";
import { countIdentities, identity, moneyIdentities } from "./reconciliation.ts";
import { runCost } from "./run-cost.ts";
import { telemetryOf } from "./telemetry.ts";
import { type Traffic, traffic } from "./traffic.ts";
import { judge, whoIsMeant } from "./verdicts.ts";

/** The last month that lies in the twelve weeks as a whole. */
const LAST_FULL_MONTH: Month = "2026-10";
const OWNER_ADDRESSES = DEMO_CONFIGURATION.owners.map(({ email }) => email);

const NightlySummary = z.object({
  sessions: z.object({ scored: z.number(), unscored: z.number() }),
});
type NightlySummary = z.infer<typeof NightlySummary>;

/**
 * Boots the stack, sends it twelve weeks, fires its schedules, and looks at what came of it.
 *
 * @param show Is told the result while the stack still runs.
 * @throws {CommandError} if the clock of this machine is before the demo's last day.
 */
export async function runDemo(
  seed: number,
  progress: Progress,
  show: (result: DemoResult) => Promise<void>,
): Promise<DemoResult> {
  requireLaterClock(Date.now());
  const startedMs = performance.now();
  progress.say("making up an organisation; building, synthesising and booting the stack");
  const organisation = makeOrganisation(seed);
  const stack = await startDemoStack();
  const sending = traffic(stack);
  const run = { seed, organisation, stack, sending, progress };
  try {
    const found = await throughTheWeeks(run);
    const result = { ...found, seed, seconds: (performance.now() - startedMs) / 1_000 };
    await show(result);
    return result;
  } finally {
    sending.close();
    await stack.close();
  }
}

function requireLaterClock(nowMs: number): void {
  if (nowMs < ENDS_MS) {
    throw new CommandError(
      `the demo's twelve weeks end on 2026-11-01, but the clock of this machine says ${dayOf(nowMs)}: events that lie in the future would be kept aside`,
    );
  }
}

type Run = {
  readonly seed: number;
  readonly organisation: Organisation;
  readonly stack: DemoStack;
  readonly sending: Traffic;
  readonly progress: Progress;
};

async function throughTheWeeks(run: Run): Promise<Omit<DemoResult, "seed" | "seconds">> {
  const { organisation, progress, seed, sending, stack } = run;
  const { host } = stack;
  await importDirectory(stack, directoryFile(organisation.people));
  // The import counts its file under the names that records are counted under.
  const imported = metricCounts(host);
  const { sessions } = await sendWeeks(run);
  progress.say("a session runs away while we watch");
  const live = await runLiveSession(seed, organisation, stack, sending);
  const uncaptured = metricCounts(host);
  await sending.captured();
  await host.idle();
  const captured = minus(metricCounts(host), uncaptured);
  progress.say("reading the ledger, the roll-ups and the reports");
  const books = await readBooks(stack);
  const people = organisation.people.map(({ email, login, team }) => ({
    login,
    team: team.id,
    user: stack.pseudonymise(email),
  }));
  const decided = await decidedAlerts(stack);
  const alerts = whoIsMeant(decided, people);
  const told = decided.length + (await followUps(stack));
  const emails = ownersEmails(host, OWNER_ADDRESSES);
  const outcomes = sending.outcomeAnswers();
  const answers = sending.usageAnswers();
  const events = minus(minus(metricCounts(host), imported), outcomes);
  const answered = {
    received: answers.received + captured.received,
    quarantined: answers.quarantined + captured.quarantined,
    rejected: answers.rejected + captured.rejected,
  };
  return {
    events,
    outcomes,
    unpricedCalls: books.ledger.unpricedCalls,
    months: books.months,
    month: LAST_FULL_MONTH,
    reportPath: books.reportPath,
    sessions,
    alerts,
    emails,
    verdicts: judge(alerts, [...organisation.truths, live.truth]),
    live,
    identities: [
      ...countIdentities(events, answered, books.ledger.entries),
      ...moneyIdentities(books.months),
      identity("alerts and follow-ups = e-mails to budget owners", told, emails.length),
      identity("calls that a role did not allow = 0", host.denied.length, 0),
    ],
    cost: runCost(host.capacity.entries()),
    requests: sending.requests(),
  };
}

/**
 * Sends phase by phase. What the clock starts at the end of a phase runs while the next is sent, as
 * senders do not wait for it: it looks back only.
 */
async function sendWeeks(run: Run): Promise<NightlySummary> {
  const { organisation, progress, seed, sending, stack } = run;
  const bodies = organisation.sessions
    .flatMap((session) => telemetryOf(seed, session))
    .sort((a, b) => a.timeMs - b.timeMs);
  const deliveries = deliveriesOf(seed, organisation.changes);
  let sent = 0;
  const send = async (phase: Phase) => {
    const isIn = ({ timeMs }: { timeMs: number }) => timeMs >= phase.fromMs && timeMs < phase.toMs;
    await sending.telemetry(bodies.filter(isIn), () => {
      sent += 1;
      progress.say(`${phase.label}: ${sent} of ${bodies.length} bodies of telemetry`);
    });
    await sending.outcomes(deliveries.filter(isIn));
  };
  await sending.flawed(Date.now());
  let before: Phase | undefined;
  for (const phase of phases()) {
    await Promise.all([send(phase), before && fireSchedules(stack, before)]);
    await stack.host.idle();
    before = phase;
  }
  const summary = before && (await fireSchedules(stack, before));
  await stack.host.idle();
  return NightlySummary.parse(summary);
}

/** Runs what is due at the end of a phase. Answers what scoring came to, if it was due. */
async function fireSchedules({ host }: DemoStack, phase: Phase): Promise<unknown> {
  const night = scoringTime(phase);
  const summary = night === undefined ? undefined : await host.fire(SCORING, new Date(night));
  for (const time of reportTimes(phase)) {
    await host.fire(PREVIOUS_MONTH, new Date(time));
  }
  return summary;
}
