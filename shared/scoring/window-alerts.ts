import type { AlertEvidence, AlertUnit, BridgeStepEvidence } from "../alerts/alert.ts";
import { byPerson } from "../directory/by-person.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import type { ScoringSettings } from "../directory/settings.ts";
import type { SessionDay } from "../ledger/roll-ups.ts";
import { usdForStatistics } from "../money/nano-usd.ts";
import { deliveryEvidence } from "../outcomes/delivery-evidence.ts";
import type { DeliveryHistory } from "../outcomes/delivery-history.ts";
import { topSessions } from "./top-sessions.ts";
import type { UserWindow } from "./user-windows.ts";
import type { WindowEvidence } from "./window-evidence.ts";

/**
 * The rate is controlled for one batch. Nightly batches of overlapping weeks look at the same days
 * seven times: in our trials with replayed real sessions and invented waste, 11 % of the alerts were
 * false at a nominal 5 %, and 20 % at 10 %.
 */
export const NIGHTLY_INFLATION = 2;

/** A window with its p-value and what the model says of it. */
export type ScoredWindow = {
  readonly kind: "scored";
  readonly unit: UserWindow;
  /** Calibrated: how often spend as unusual as this occurs where all is well. */
  readonly p: number;
  /** Delivery units per USD. */
  readonly outcomePerUsd: number;
} & WindowEvidence;

/** What is to be told about a window, and to whom. */
export type WindowAlert = {
  readonly unit: AlertUnit & { readonly kind: "user-window" };
  readonly team: string;
  readonly owner: string;
  readonly asOfMs: number;
  readonly evidence: AlertEvidence;
};

export type AlertSettings = Pick<
  ScoringSettings,
  "falseDiscoveryRate" | "minSpendUsd" | "minExcessUsd" | "minExcessShare"
>;

type AlertContext = {
  readonly settings: AlertSettings;
  readonly asOfMs: number;
  readonly sessionDays: readonly SessionDay[];
  readonly delivery: DeliveryHistory;
  readonly directory: DirectoryLookup;
};

/** What the judgement of a night rests on. */
export type AlertBasis = {
  readonly calibrationUnits: number;
  readonly bridgeOf: (score: ScoredWindow) => readonly BridgeStepEvidence[];
};

/** Alerts about unusual windows of one night, least probable first, without those about little money. */
export function windowAlerts(
  unusual: readonly ScoredWindow[],
  { calibrationUnits, bridgeOf }: AlertBasis,
  { settings, asOfMs, sessionDays, delivery, directory }: AlertContext,
): readonly WindowAlert[] {
  const passing = unusual
    .filter((score) => isWorthAnAlert(score, settings))
    .sort((a, b) => a.p - b.p);
  const people = new Set(passing.map(({ unit }) => unit.user));
  const delivered = delivery.unitsOf(people, asOfMs);
  const sessions = byPerson(sessionDays, directory);
  return passing.map((score) => {
    const { unit, p, expected, ownUsualNanoUsd, excessNanoUsd, signals } = score;
    const { user, team, owner, costNanoUsd } = unit;
    const { from, to } = unit.window;
    return {
      unit: { kind: "user-window", user, from, to },
      team,
      owner,
      asOfMs,
      evidence: {
        costNanoUsd,
        delivery: deliveryEvidence(delivered.get(user) ?? [], user, from, to),
        expected,
        ...(ownUsualNanoUsd !== undefined && { ownUsualNanoUsd }),
        excessNanoUsd,
        bridge: bridgeOf(score),
        signals,
        p,
        expectedFalseShare: Math.min(1, NIGHTLY_INFLATION * settings.falseDiscoveryRate),
        calibrationUnits,
        topSessions: topSessions(sessions.get(user) ?? [], from, to),
      },
    };
  });
}

/** Whether a window is about enough money to be told of. */
export function isWorthAnAlert(
  { unit, excessNanoUsd }: ScoredWindow,
  { minSpendUsd, minExcessUsd, minExcessShare }: AlertSettings,
): boolean {
  const excessUsd = usdForStatistics(excessNanoUsd);
  return (
    unit.costUsd >= minSpendUsd &&
    excessUsd >= Math.max(minExcessUsd, minExcessShare * unit.costUsd)
  );
}
