import type { AlertReview, AlertUnit, DeliveryEvidence, ReviewAge } from "../alerts/alert.ts";
import { type AlertCase, isResolved, lastTold } from "../alerts/alert-case.ts";
import { addDays, DAY_MS, dayOf, startOfDay } from "../ledger/calendar.ts";
import type { Day } from "../ledger/roll-ups.ts";
import { deliveryEvidence } from "../outcomes/delivery-evidence.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { deliveryChanges } from "./delivery-changes.ts";
import { recordsOfSample } from "./records-of-sample.ts";
import {
  type ScoreUserWindowsInput,
  scoreUserWindows,
  type UserWindowScores,
} from "./score-user-windows.ts";
import { DAYS_PER_WINDOW } from "./user-windows.ts";
import {
  isWorthAnAlert,
  NIGHTLY_INFLATION,
  type ScoredWindow,
  type WindowAlert,
} from "./window-alerts.ts";

export type ReviewWeeksInput = Omit<ScoreUserWindowsInput, "windowEnd"> & {
  /** Alerts of the last weeks, with what was answered and told since. */
  readonly cases: readonly AlertCase[];
};

/** A week that has to be told of because of a later look at it: an alert but for its ids. */
export type ReviewedWeek = WindowAlert & { readonly review: AlertReview };

const AGES = [
  { age: "72h", days: 3 },
  { age: "14d", days: 14 },
] as const satisfies readonly { readonly age: ReviewAge; readonly days: number }[];

/** A later look is about few people: in a large organisation, what is usual is learnt from so many others. */
const MOST_OTHER_PEOPLE = 2_000;

/**
 * Looks again at the weeks that ended three and fourteen days before a night, with outcomes as they were
 * known at that age, against history at the same age: at those that were alerted and nobody answered, and
 * at those that lost credit since the first look. A week of which nothing changed is not scored again.
 */
export function reviewWeeks(input: ReviewWeeksInput): readonly ReviewedWeek[] {
  return AGES.flatMap(({ age, days }) => reviewAt(input, age, days));
}

/** A person's week as an owner was told of it, or else as the first look showed it. */
type EarlierLook = {
  readonly user: UserPseudonym;
  readonly before: DeliveryEvidence;
  readonly told?: AlertCase;
};

/** The same, and what became of its delivery. */
type ChangedWeek = EarlierLook & {
  readonly delivery: DeliveryEvidence;
  readonly changes: AlertReview["changes"];
};

type LaterLook = {
  readonly age: ReviewAge;
  readonly asOfMs: number;
  readonly from: Day;
  readonly to: Day;
};

function reviewAt(input: ReviewWeeksInput, age: ReviewAge, days: number): readonly ReviewedWeek[] {
  const to = addDays(dayOf(input.asOfMs), -days);
  const from = addDays(to, -DAYS_PER_WINDOW);
  const look = { age, asOfMs: startOfDay(to) + days * DAY_MS, from, to };
  const changed = changedWeeks(input, look);
  if (changed.length === 0) {
    return [];
  }
  const people = new Set(changed.map(({ user }) => user));
  const records = recordsOfSample(input, people, addDays(to, -1), MOST_OTHER_PEOPLE);
  const scores = scoreUserWindows({
    ...input,
    ...records,
    windowEnd: to,
    asOfMs: look.asOfMs,
    people,
  });
  const scoreOf = new Map(scores.scores.map((score) => [score.unit.user, score]));
  const alertOf = new Map(scores.alerts.map((alert) => [alert.unit.user, alert]));
  return changed.flatMap((week) => {
    const score = scoreOf.get(week.user);
    return score?.kind === "scored"
      ? reviewedWeek(
          week,
          look,
          { ...scores, score, alerted: alertOf.get(week.user) },
          input.settings,
        )
      : [];
  });
}

function changedWeeks(input: ReviewWeeksInput, look: LaterLook): readonly ChangedWeek[] {
  const earlier = [...alertedWeeks(input, look), ...weeksThatLostCredit(input, look)];
  const unitsOf = input.delivery.unitsOf(new Set(earlier.map(({ user }) => user)), look.asOfMs);
  return earlier
    .map((week) => {
      const units = unitsOf.get(week.user) ?? [];
      const delivery = deliveryEvidence(units, week.user, look.from, look.to);
      return { ...week, delivery, changes: deliveryChanges(week.before, delivery, units) };
    })
    .filter(mayBeToldOf);
}

/** Whether its changes could lead to a verdict at all: only then is the week worth scoring again. */
function mayBeToldOf({ told, changes }: ChangedWeek): boolean {
  const isOpenAlert = told !== undefined && !isResolved(told);
  return changes.some(({ kind }) => kind === "undone" || isOpenAlert);
}

/** Alerts about the week that wait for an answer, or that a look at 72 hours resolved. */
function alertedWeeks(
  { cases, directory }: ReviewWeeksInput,
  { age, asOfMs, to }: LaterLook,
): readonly EarlierLook[] {
  return cases.flatMap((told) => {
    const { alert, answers, followUps } = told;
    const isDue =
      answers === undefined &&
      alert.asOfMs < asOfMs &&
      followUps.every(({ review }) => review?.age !== age);
    return isDue && isAboutWeek(alert.unit, to)
      ? [
          {
            told,
            user: directory.personOf(alert.unit.user),
            before: lastTold(told).evidence.delivery,
          },
        ]
      : [];
  });
}

function isAboutWeek(
  unit: AlertUnit,
  to: Day,
): unit is Extract<AlertUnit, { kind: "user-window" }> {
  return unit.kind === "user-window" && unit.to === to;
}

/** People whose week nobody was told of, and whose credit for it is below what the first look showed. */
function weeksThatLostCredit(
  { asOfMs: nightMs, cases, delivery, directory }: ReviewWeeksInput,
  { asOfMs, from, to }: LaterLook,
): readonly EarlierLook[] {
  const firstLookMs = startOfDay(to) + nightMs - startOfDay(dayOf(nightMs));
  const credit = delivery.creditByUser(from, to, asOfMs);
  const told = new Set(
    cases.flatMap(({ alert: { unit } }) =>
      isAboutWeek(unit, to) ? [directory.personOf(unit.user)] : [],
    ),
  );
  const lost = [...delivery.creditByUser(from, to, firstLookMs)].filter(
    ([user, before]) => before > (credit.get(user) ?? 0) && !told.has(user),
  );
  const unitsOf = delivery.unitsOf(new Set(lost.map(([user]) => user)), firstLookMs);
  return lost.map(([user]) => ({
    user,
    before: deliveryEvidence(unitsOf.get(user) ?? [], user, from, to),
  }));
}

type LaterScore = Pick<UserWindowScores, "calibrationUnits"> & {
  readonly score: ScoredWindow;
  readonly alerted: WindowAlert | undefined;
};

function reviewedWeek(
  week: ChangedWeek,
  look: LaterLook,
  { score, alerted, calibrationUnits }: LaterScore,
  settings: ReviewWeeksInput["settings"],
): readonly ReviewedWeek[] {
  const { told, before, changes } = week;
  const verdict = verdictOf(week, score, alerted, settings);
  if (verdict === undefined) {
    return [];
  }
  const last = told === undefined ? undefined : lastTold(told).evidence;
  const found = alerted ?? unalerted(week, score, look, calibrationUnits, settings);
  const review: AlertReview = {
    age: look.age,
    verdict,
    ...(told !== undefined && { of: { id: told.alert.id, asOfMs: told.alert.asOfMs } }),
    before: {
      costNanoUsd: last?.costNanoUsd ?? score.unit.costNanoUsd,
      ...(last !== undefined && { excessNanoUsd: last.excessNanoUsd }),
      credit: before.credit,
    },
    changes: ofKind(changes, verdict === "resolved" ? "delivered" : "undone"),
  };
  return [{ ...found, review }];
}

/**
 * Nothing, unless something happened to the work and the judgement is another one for it. What is resolved
 * has to be well clear of an alert: no longer among the few most unusual weeks even by itself.
 */
function verdictOf(
  { told, changes }: ChangedWeek,
  score: ScoredWindow,
  alerted: WindowAlert | undefined,
  settings: ReviewWeeksInput["settings"],
): AlertReview["verdict"] | undefined {
  const wasUndone = ofKind(changes, "undone").length > 0;
  if (told === undefined) {
    return alerted !== undefined && wasUndone ? "opened" : undefined;
  }
  if (alerted !== undefined) {
    const { excessNanoUsd } = lastTold(told).evidence;
    const isWorse = alerted.evidence.excessNanoUsd > excessNanoUsd;
    return wasUndone && isWorse ? "raised" : undefined;
  }
  const isUsual = score.p > settings.falseDiscoveryRate || !isWorthAnAlert(score, settings);
  const wasDelivered = ofKind(changes, "delivered").length > 0;
  return isUsual && wasDelivered && !isResolved(told) ? "resolved" : undefined;
}

function ofKind(changes: AlertReview["changes"], kind: "delivered" | "undone") {
  return changes.filter((change) => change.kind === kind);
}

/** What there is to say of a week that is no alert. */
function unalerted(
  { delivery }: ChangedWeek,
  { unit, p, expected, ownUsualNanoUsd, excessNanoUsd, signals }: ScoredWindow,
  { asOfMs, from, to }: LaterLook,
  calibrationUnits: number,
  { falseDiscoveryRate }: ReviewWeeksInput["settings"],
): WindowAlert {
  return {
    unit: { kind: "user-window", user: unit.user, from, to },
    team: unit.team,
    owner: unit.owner,
    asOfMs,
    evidence: {
      costNanoUsd: unit.costNanoUsd,
      delivery,
      expected,
      ...(ownUsualNanoUsd !== undefined && { ownUsualNanoUsd }),
      excessNanoUsd,
      signals,
      p,
      expectedFalseShare: Math.min(1, NIGHTLY_INFLATION * falseDiscoveryRate),
      calibrationUnits,
      topSessions: [],
    },
  };
}
