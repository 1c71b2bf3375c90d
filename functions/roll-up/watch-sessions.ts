import { type Alert, type AlertUnit, alertId } from "../../shared/alerts/alert.ts";
import { ownerOf } from "../../shared/directory/budget-owner.ts";
import { type DirectoryLookup, UNASSIGNED } from "../../shared/directory/directory.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { addDays, DAY_MS, dayOf } from "../../shared/ledger/calendar.ts";
import type { SessionDay } from "../../shared/ledger/roll-ups.ts";
import { sumNanoUsd } from "../../shared/money/nano-usd.ts";
import type { AlertOutbox } from "../../shared/ports/alert-outbox.ts";
import type { RollUps, StoredDay } from "../../shared/ports/insights.ts";
import { runawayEvidence } from "../../shared/scoring/runaway-evidence.ts";
import {
  isRunaway,
  learnRunawayLimits,
  limitFor,
  type RunawayLimits,
} from "../../shared/scoring/runaway-limit.ts";
import { MAX_CLOCK_SKEW_MS } from "../../shared/wire/clock-skew.ts";

/** A session without a call for a day has ended: what arrives about it later is history. */
const OPEN_FOR_MS = DAY_MS;

export type WatchSessionsDeps = {
  readonly rollUps: {
    readonly read: (...of: Parameters<RollUps["read"]>) => Promise<Pick<StoredDay, "sessionDays">>;
  };
  /** Last night's limits; `undefined` before the first night. */
  readonly limits: () => Promise<RunawayLimits | undefined>;
  readonly directory: () => Promise<DirectoryLookup>;
  readonly outbox: Pick<AlertOutbox, "record">;
  readonly settings: Settings;
  readonly nowMs: () => number;
};

/**
 * Records an alert for each open session that has cost more than sessions which deliver. One alert
 * a session, however often it is looked at. Before the first night only the hard cap holds.
 *
 * The sessions are those of one person's day. One that calls of several names are in is one.
 */
export function watchSessions(deps: WatchSessionsDeps) {
  return async (sessions: readonly SessionDay[]): Promise<void> => {
    const open = sessions.filter(({ lastMs }) => deps.nowMs() - lastMs < OPEN_FOR_MS);
    if (open.length === 0) {
      return;
    }
    const [limits = hardCapOnly(deps.settings), directory] = await Promise.all([
      deps.limits(),
      deps.directory(),
    ]);
    for (const names of Map.groupBy(open, ({ session }) => session).values()) {
      const alert = await runawayAlert(deps, names, limits, directory);
      if (alert !== undefined) {
        await deps.outbox.record(alert, deps.nowMs());
      }
    }
  };
}

function hardCapOnly({ scoring }: Settings): RunawayLimits {
  return learnRunawayLimits([], {
    alpha: scoring.runawayAlpha,
    hardCapUsd: scoring.sessionHardCapUsd,
  });
}

async function runawayAlert(
  deps: WatchSessionsDeps,
  names: readonly SessionDay[],
  limits: RunawayLimits,
  directory: DirectoryLookup,
): Promise<Alert | undefined> {
  const [day] = names;
  if (day === undefined) {
    return undefined;
  }
  const user = directory.personOf(day.user);
  const place = directory.placeOf(user, day.day);
  const useCases = new Set(names.flatMap((each) => each.useCases));
  const [useCase = place.useCase] = useCases.size === 1 ? useCases : [];
  const cohort = `${place.team} ${useCase ?? UNASSIGNED.useCase}`;
  const costNanoUsd = sumNanoUsd(await Promise.all(names.map((each) => runningCost(deps, each))));
  if (!isRunaway(limitFor(limits, cohort), costNanoUsd)) {
    return undefined;
  }
  const unit: AlertUnit = { kind: "session", user, session: day.session, day: day.day };
  return {
    id: alertId(unit),
    type: "RUNAWAY",
    unit,
    team: place.team,
    owner: ownerOf(deps.settings, place, place.team),
    asOfMs: Math.max(...names.map(({ lastMs }) => lastMs)),
    survivalDays: deps.settings.scoring.survivalDays,
    evidence: runawayEvidence({ session: day.session, cohort, costNanoUsd }, limits),
  };
}

/**
 * What the session cost on its day, and on the days around it if it was under way then. The day
 * after matters to calls that come late, and where both days of a session are recomputed at once:
 * then at least one of them sees the other.
 */
async function runningCost(
  { rollUps, nowMs }: WatchSessionsDeps,
  { user, day, session, costNanoUsd }: SessionDay,
): Promise<bigint> {
  const latest = dayOf(nowMs() + MAX_CLOCK_SKEW_MS);
  const days = [addDays(day, -1), addDays(day, 1)].filter((other) => other <= latest);
  const stored = await Promise.all(days.map((other) => rollUps.read(user, other)));
  return stored
    .flatMap(({ sessionDays }) => sessionDays.filter((other) => other.session === session))
    .reduce((sum, other) => sum + other.costNanoUsd, costNanoUsd);
}
