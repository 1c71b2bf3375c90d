import * as z from "zod";
import { type Alert, alertId } from "../../shared/alerts/alert.ts";
import { ownerOf } from "../../shared/directory/budget-owner.ts";
import { type DirectoryLookup, directoryLookup } from "../../shared/directory/directory.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { addDays, DAY_MS, dayOf } from "../../shared/ledger/calendar.ts";
import { deliveryHistory } from "../../shared/outcomes/delivery-history.ts";
import type { AlertOutbox } from "../../shared/ports/alert-outbox.ts";
import type { DirectoryStore } from "../../shared/ports/directory-store.ts";
import type { RollUps } from "../../shared/ports/insights.ts";
import type { OutcomeLedger } from "../../shared/ports/outcome-ledger.ts";
import type { RunawayLimitsStore } from "../../shared/ports/runaway-limits-store.ts";
import type { SessionScores } from "../../shared/ports/session-scores.ts";
import { finishedSessions } from "../../shared/scoring/finished-sessions.ts";
import { learnRunawayLimits } from "../../shared/scoring/runaway-limit.ts";
import {
  scoreUserWindows,
  type UserWindowAlert,
  type UserWindowScore,
} from "../../shared/scoring/score-user-windows.ts";
import { type SessionScore, scoreSessions } from "../../shared/scoring/session-score.ts";
import { keepSessionScores } from "./keep-session-scores.ts";

/** Twelve weeks to learn from, and the window itself. */
const HISTORY_DAYS = 13 * 7;

export type ScoreSessionsDeps = {
  readonly rollUps: Pick<RollUps, "readBetween">;
  readonly outcomes: Pick<OutcomeLedger, "readBetween">;
  readonly directory: Pick<DirectoryStore, "read">;
  readonly limits: Pick<RunawayLimitsStore, "write">;
  readonly sessionScores: SessionScores;
  readonly outbox: Pick<AlertOutbox, "record" | "recentAsOf">;
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
    /** Unusual, but the owner heard about this person within the quiet days. */
    readonly quiet: number;
  };
  /** Why nobody is scored yet. */
  readonly learning?: string;
};

/** All that a night says: what it came to, and each person's and each session's score. */
export type ScoredNight = {
  readonly summary: NightlySummary;
  readonly windows: readonly UserWindowScore[];
  readonly sessions: readonly SessionScore[];
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
 * Judges the seven days before a moment's day: scores people and sessions, records alerts, and learns
 * the limits for running sessions. A backtest calls it for every night of a period.
 */
export async function scoreNight(deps: ScoreSessionsDeps, asOfMs: number): Promise<ScoredNight> {
  const { directory, windowScores, sessionScores } = await judge(deps, asOfMs);
  const { runawayAlpha: alpha, sessionHardCapUsd: hardCapUsd } = deps.settings.scoring;
  const limits = learnRunawayLimits(finishedSessions(sessionScores), { alpha, hardCapUsd });
  await deps.limits.write(JSON.stringify(limits));
  await keepSessionScores(deps.sessionScores, sessionScores, asOfMs);
  const alerts = await recordAlerts(deps, windowScores.alerts, directory);
  const summary = {
    asOf: new Date(asOfMs).toISOString(),
    people: counts(windowScores.scores),
    sessions: counts(sessionScores),
    alerts,
    ...(windowScores.learning === undefined ? {} : { learning: windowScores.learning }),
  };
  return { summary, windows: windowScores.scores, sessions: sessionScores };
}

async function judge(deps: ScoreSessionsDeps, asOfMs: number) {
  const { rollUps, outcomes, settings } = deps;
  const windowEnd = dayOf(asOfMs);
  const from = addDays(windowEnd, -HISTORY_DAYS);
  const [{ userDays, sessionDays }, delivered, people] = await Promise.all([
    rollUps.readBetween(from, windowEnd),
    outcomes.readBetween(from, addDays(windowEnd, 1)),
    deps.directory.read(),
  ]);
  const directory = directoryLookup(people);
  const delivery = deliveryHistory({
    outcomes: delivered,
    sessions: sessionDays,
    settings: {
      survivalDays: settings.scoring.survivalDays,
      productionEnvironments: settings.productionEnvironments,
    },
    personOf: directory.personOf,
    unitOf: unitOf(settings, directory, windowEnd),
  });
  return {
    directory,
    windowScores: scoreUserWindows({
      windowEnd,
      asOfMs,
      userDays,
      sessionDays,
      delivery,
      directory,
      settings: settings.scoring,
    }),
    sessionScores: scoreSessions({
      sessionDays,
      units: delivery.unitsAsOf(asOfMs),
      asOfMs,
      directory,
    }),
  };
}

function unitOf({ teams }: Settings, { placeOf }: DirectoryLookup, day: string) {
  const units = new Map(teams.map(({ id, deliveryUnit }) => [id, deliveryUnit]));
  return (user: string) => units.get(placeOf(user, day).team) ?? "shipped-change";
}

async function recordAlerts(
  { outbox, settings, nowMs }: ScoreSessionsDeps,
  alerts: readonly UserWindowAlert[],
  directory: DirectoryLookup,
) {
  const quietMs = settings.scoring.quietDays * DAY_MS;
  let recorded = 0;
  let quiet = 0;
  for (const candidate of alerts) {
    const { unit, asOfMs, team } = candidate;
    const alert: Alert = {
      ...candidate,
      id: alertId(unit),
      type: "TOKENMAXXING",
      owner: ownerOf(settings, directory.placeOf(unit.user, unit.from), team),
      survivalDays: settings.scoring.survivalDays,
    };
    const recent = await outbox.recentAsOf("TOKENMAXXING", unit.user, asOfMs - quietMs + 1);
    if (recent.some((earlierMs) => earlierMs !== asOfMs)) {
      quiet += 1;
    } else if (await outbox.record(alert, nowMs())) {
      recorded += 1;
    }
  }
  return { recorded, quiet };
}

function counts(scores: readonly Pick<SessionScore, "kind">[]) {
  const scored = scores.filter(({ kind }) => kind === "scored").length;
  return { scored, unscored: scores.length - scored };
}
