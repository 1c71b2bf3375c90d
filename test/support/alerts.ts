import {
  type Alert,
  type AlertEvidence,
  type AlertUnit,
  alertId,
  followUpId,
} from "../../shared/alerts/alert.ts";
import { nanoUsdFromDecimal } from "../../shared/money/nano-usd.ts";
import { NOT_COUNTED_WORDS } from "../../shared/outcomes/delivery-unit.ts";

export const usd = nanoUsdFromDecimal;

/** Five in the morning after the window. */
const AS_OF_MS = Date.parse("2026-10-12T05:00:00Z");

export function anEvidence(changes: Partial<AlertEvidence> = {}): AlertEvidence {
  return {
    costNanoUsd: usd("412.503999"),
    delivery: {
      credit: 1.5,
      counted: [
        { task: "WEB-77", credit: 1, state: "survived" },
        { task: "WEB-81", credit: 0.5, state: "provisional" },
      ],
      notCounted: [
        { id: "github:acme/web#4250", reason: NOT_COUNTED_WORDS.undone },
        { id: "github:acme/web#4261", reason: NOT_COUNTED_WORDS["no-op"] },
      ],
    },
    expected: {
      medianNanoUsd: usd("130"),
      lowNanoUsd: usd("61.2"),
      highNanoUsd: usd("259.75"),
      cohort: "team-checkout feature-work",
    },
    ownUsualNanoUsd: usd("141.1"),
    excessNanoUsd: usd("301.206001"),
    bridge: [
      { step: "delivery", changeNanoUsd: usd("20") },
      { step: "usual-level", changeNanoUsd: usd("-8.9") },
      { step: "calls", changeNanoUsd: usd("171.403999") },
      { step: "call-size", changeNanoUsd: usd("62") },
      { step: "model-mix", changeNanoUsd: usd("40") },
      { step: "caching", changeNanoUsd: usd("-2") },
    ],
    signals: [
      { signal: "calls-per-session", z: 3.1, value: 212, usual: 60, share: 0.3 },
      { signal: "cost-given-delivery", z: 5.2, value: 412.5, usual: 130, share: 0.55 },
      { signal: "repeated-calls", z: 2.2, value: 0.41, usual: 0.08, share: 0.15 },
    ],
    p: 0.0004,
    expectedFalseShare: 0.05,
    calibrationUnits: 640,
    topSessions: [
      { session: "9d0bbe99", costNanoUsd: usd("120.4") },
      { session: "1c44a7de", costNanoUsd: usd("88.12") },
    ],
    ...changes,
  };
}

/** A person's week whose spend outpaced the delivered work. */
export function aWindowAlert(changes: Partial<Alert> = {}): Alert {
  const unit: AlertUnit = {
    kind: "user-window",
    user: "user-017",
    from: "2026-10-05",
    to: "2026-10-12",
  };
  return {
    id: alertId(unit),
    type: "TOKENMAXXING",
    unit,
    team: "team-checkout",
    owner: "owner-shop",
    asOfMs: AS_OF_MS,
    survivalDays: 7,
    evidence: anEvidence(),
    ...changes,
  };
}

/** What a look at 72 hours told of the week: most of its work was merged since. */
export function aFollowUp(verdict: "resolved" | "raised", changes: Partial<Alert> = {}): Alert {
  const alert = aWindowAlert();
  const isResolved = verdict === "resolved";
  return aWindowAlert({
    id: followUpId(alert.id, "72h", verdict),
    asOfMs: Date.parse("2026-10-15T00:00:00Z"),
    evidence: anEvidence({
      delivery: {
        credit: isResolved ? 4 : 0.5,
        counted: [],
        notCounted: [],
      },
      ...(isResolved && {
        expected: {
          medianNanoUsd: usd("331.2"),
          lowNanoUsd: usd("155.9"),
          highNanoUsd: usd("661.75"),
          cohort: "team-checkout feature-work",
        },
      }),
      excessNanoUsd: usd(isResolved ? "12.5" : "340"),
    }),
    review: {
      age: "72h",
      verdict,
      of: { id: alert.id, asOfMs: alert.asOfMs },
      before: {
        costNanoUsd: alert.evidence.costNanoUsd,
        excessNanoUsd: alert.evidence.excessNanoUsd,
        credit: alert.evidence.delivery.credit,
      },
      changes: isResolved
        ? [
            { kind: "delivered", task: "WEB-90", credit: 1, day: "2026-10-14" },
            { kind: "delivered", task: "WEB-92", credit: 1, day: "2026-10-13" },
            { kind: "delivered", task: "WEB-81", credit: 0.5 },
          ]
        : [{ kind: "undone", task: "WEB-77", credit: 1 }],
    },
    ...changes,
  });
}

/** An open session that passed the limit of its cohort. */
export function aSessionAlert(changes: Partial<Alert> = {}): Alert {
  const unit: AlertUnit = {
    kind: "session",
    user: "user-017",
    session: "9d0bbe99",
    day: "2026-10-06",
  };
  return {
    id: alertId(unit),
    type: "RUNAWAY",
    unit,
    team: "team-checkout",
    owner: "owner-shop",
    asOfMs: Date.parse("2026-10-06T14:20:00Z"),
    survivalDays: 7,
    evidence: {
      costNanoUsd: usd("87.2"),
      delivery: { credit: 0, counted: [], notCounted: [] },
      expected: {
        medianNanoUsd: usd("4.1"),
        lowNanoUsd: usd("0.9"),
        highNanoUsd: usd("19.35"),
        cohort: "team-checkout feature-work",
      },
      excessNanoUsd: usd("83.1"),
      signals: [],
      p: 0.01,
      expectedFalseShare: 0.01,
      calibrationUnits: 312,
      topSessions: [{ session: "9d0bbe99", costNanoUsd: usd("87.2") }],
    },
    ...changes,
  };
}

/** A person's day far above their usual one. */
export function aDayAlert(changes: Partial<Alert> = {}): Alert {
  const unit: AlertUnit = { kind: "user-day", user: "user-017", day: "2026-10-06" };
  return aWindowAlert({
    id: alertId(unit),
    type: "SPEND_SPIKE",
    unit,
    evidence: {
      costNanoUsd: usd("96.4"),
      delivery: { credit: 0, counted: [], notCounted: [] },
      expected: {
        medianNanoUsd: usd("6.2"),
        lowNanoUsd: usd("2.1"),
        highNanoUsd: usd("17.9"),
        cohort: "own days",
      },
      excessNanoUsd: usd("90.2"),
      bridge: [
        { step: "calls", changeNanoUsd: usd("12.35") },
        { step: "model-mix", changeNanoUsd: usd("77.85") },
      ],
      signals: [
        { signal: "day-spend", z: 4.1, value: 96.4, usual: 6.2, share: 0.6 },
        { signal: "session-spend", z: 3.2, value: 24.1, usual: 3.1, share: 0.4 },
      ],
      p: 0.0002,
      expectedFalseShare: 0.1,
      calibrationUnits: 2140,
      topSessions: [{ session: "9d0bbe99", costNanoUsd: usd("80.4") }],
    },
    ...changes,
  });
}

/** A team whose delivered work costs most of its people more than before. */
export function aTeamAlert(changes: Partial<Alert> = {}): Alert {
  const unit: AlertUnit = {
    kind: "team-window",
    team: "team-checkout",
    from: "2026-10-05",
    to: "2026-10-12",
  };
  return aWindowAlert({
    id: alertId(unit),
    type: "TEAM_SHIFT",
    unit,
    evidence: {
      costNanoUsd: usd("1840"),
      delivery: { credit: 21.5, counted: [], notCounted: [] },
      expected: {
        medianNanoUsd: usd("830"),
        lowNanoUsd: usd("700"),
        highNanoUsd: usd("985"),
        cohort: "team-checkout",
      },
      ownUsualNanoUsd: usd("812.5"),
      excessNanoUsd: usd("1010"),
      bridge: [
        { step: "calls", changeNanoUsd: usd("40") },
        { step: "price", changeNanoUsd: usd("970") },
      ],
      signals: [{ signal: "cost-given-delivery", z: 5.4, value: 1840, usual: 830, share: 1 }],
      p: 0.0008,
      expectedFalseShare: 0.1,
      calibrationUnits: 88,
      topSessions: [],
    },
    ...changes,
  });
}
