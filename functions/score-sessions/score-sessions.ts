import * as z from "zod";
import { aboutWhom } from "../../shared/alerts/alert.ts";
import { directoryLookup } from "../../shared/directory/directory.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { addDays, DAY_MS, dayOf } from "../../shared/ledger/calendar.ts";
import type { AlertOutbox } from "../../shared/ports/alert-outbox.ts";
import type { AlertRegister } from "../../shared/ports/alert-register.ts";
import type { DirectoryStore } from "../../shared/ports/directory-store.ts";
import type { RollUps } from "../../shared/ports/insights.ts";
import type { OutcomeLedger } from "../../shared/ports/outcome-ledger.ts";
import type { RunawayLimitsStore } from "../../shared/ports/runaway-limits-store.ts";
import type { SessionScores } from "../../shared/ports/session-scores.ts";
import { firstDayOfNight, judgeNight } from "../../shared/scoring/judge-night.ts";
import { type NightAlert, nightAlerts } from "../../shared/scoring/night-alerts.ts";
import { learnRunawayLimits } from "../../shared/scoring/runaway-limit.ts";
import type { UserWindowScore } from "../../shared/scoring/score-user-windows.ts";
import type { ScoredSessions } from "../../shared/scoring/session-score.ts";
import { keepSessionScores } from "./keep-session-scores.ts";

export type ScoreSessionsDeps = {
  readonly rollUps: Pick<RollUps, "readBetween">;
  readonly outcomes: Pick<OutcomeLedger, "readBetween">;
  readonly directory: Pick<DirectoryStore, "read">;
  readonly limits: Pick<RunawayLimitsStore, "write">;
  readonly sessionScores: SessionScores;
  readonly outbox: Pick<AlertOutbox, "record" | "recentAsOf">;
  readonly register: Pick<AlertRegister, "decidedSince">;
  readonly settings: Settings;
  readonly nowMs: () => number;
};

const ScheduledRun = z.object({ scheduledTime: z.iso.datetime() });

/** What a night came to. */
export type NightlySummary = {
  readonly asOf: string;
  readonly people: { readonly scored: number; readonly unscored: number };
  readonly sessions: { readonly scored: number; readonly unscored: number };
  readonly alerts: {
    readonly recorded: number;
    /** Unusual, but the owner heard about this person or team within the quiet days. */
    readonly quiet: number;
  };
  /** Messages about alerts of earlier nights, as work was delivered or undone since. */
  readonly followUps: number;
  /** Why nobody is scored yet. */
  readonly learning?: string;
};

/** All that a night says: what it came to, and each person's and each session's score. */
export type ScoredNight = {
  readonly summary: NightlySummary;
  readonly windows: readonly UserWindowScore[];
  readonly sessions: ScoredSessions;
};

/** Scores the night of a scheduled run. Running it again for the same time changes nothing. */
export function scoreSessionsHandler(deps: ScoreSessionsDeps) {
  return async (event: unknown): Promise<NightlySummary> => {
    const asOfMs = Date.parse(ScheduledRun.parse(event).scheduledTime);
    const { summary } = await scoreNight(deps, asOfMs);
    console.info(summary);
    return summary;
  };
}

/**
 * Judges the seven days before a moment's day: scores people, teams, days and sessions, records
 * alerts, and learns the limits for running sessions. A backtest calls it for every night of a period.
 */
export async function scoreNight(deps: ScoreSessionsDeps, asOfMs: number): Promise<ScoredNight> {
  const { night, found } = await judge(deps, asOfMs);
  const { windows, sessions } = night;
  const { runawayAlpha: alpha, sessionHardCapUsd: hardCapUsd } = deps.settings.scoring;
  const limits = learnRunawayLimits(sessions.finished, { alpha, hardCapUsd });
  await deps.limits.write(JSON.stringify(limits));
  await keepSessionScores(deps.sessionScores, sessions, asOfMs);
  const { followUps, ...alerts } = await recordAlerts(deps, found);
  const summary = {
    asOf: new Date(asOfMs).toISOString(),
    people: counts(windows.scores, ({ kind }) => kind),
    sessions: counts(sessions.all, (session) => sessions.scoreOf(session).kind),
    alerts,
    followUps,
    ...(windows.learning === undefined ? {} : { learning: windows.learning }),
  };
  return { summary, windows: windows.scores, sessions };
}

async function judge(deps: ScoreSessionsDeps, asOfMs: number) {
  const from = firstDayOfNight(asOfMs);
  const windowEnd = dayOf(asOfMs);
  const [{ userDays, sessionDays }, outcomes, people, cases] = await Promise.all([
    deps.rollUps.readBetween(from, windowEnd),
    deps.outcomes.readBetween(from, addDays(windowEnd, 1)),
    deps.directory.read(),
    deps.register.decidedSince(from),
  ]);
  const { settings } = deps;
  const directory = directoryLookup(people);
  const night = judgeNight({
    asOfMs,
    userDays,
    sessionDays,
    outcomes,
    directory,
    settings,
    cases,
  });
  return { night, found: nightAlerts(night, settings, directory) };
}

async function recordAlerts({ outbox, nowMs }: ScoreSessionsDeps, alerts: readonly NightAlert[]) {
  let recorded = 0;
  let quiet = 0;
  let followUps = 0;
  for (const { alert, quiet: rule } of alerts) {
    const { asOfMs } = alert;
    const sinceMs = asOfMs - rule.days * DAY_MS + 1;
    const recent = await Promise.all(
      rule.types.map(async (type) => {
        const told = await outbox.recentAsOf(type, aboutWhom(alert.unit), sinceMs);
        // The night itself, run again, has to find what it recorded.
        return told.some((toldMs) => type !== alert.type || toldMs !== asOfMs);
      }),
    );
    if (recent.includes(true)) {
      quiet += 1;
    } else if (await outbox.record(alert, nowMs())) {
      recorded += alert.review?.of === undefined ? 1 : 0;
      followUps += alert.review?.of === undefined ? 0 : 1;
    }
  }
  return { recorded, quiet, followUps };
}

function counts<Unit>(units: readonly Unit[], kindOf: (unit: Unit) => "scored" | "unscored") {
  const scored = units.filter((unit) => kindOf(unit) === "scored").length;
  return { scored, unscored: units.length - scored };
}
