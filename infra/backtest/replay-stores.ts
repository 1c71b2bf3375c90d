import type { ScoreSessionsDeps } from "../../functions/score-sessions/score-sessions.ts";
import { type Alert, type AlertType, aboutWhom, alertId } from "../../shared/alerts/alert.ts";
import { type AlertAnswers, withAnswer } from "../../shared/alerts/alert-answer.ts";
import { JsonText } from "../../shared/json-text.ts";
import { daysBetween, startOfDay } from "../../shared/ledger/calendar.ts";
import type { FoldedDay } from "../../shared/ledger/fold-user-day.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import type { StoredSessionScore } from "../../shared/ports/session-scores.ts";
import { RunawayLimits } from "../../shared/scoring/runaway-limit.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import type { GivenAnswer } from "./read-answers.ts";

/** What a replay remembers, behind the ports that the deployed functions know. */
export type ReplayStores = Pick<
  ScoreSessionsDeps,
  "rollUps" | "outcomes" | "sessionScores" | "limits" | "outbox" | "register"
> & {
  readonly readUserDay: (user: UserPseudonym, day: Day) => FoldedDay | undefined;
  readonly putUserDay: (folded: FoldedDay) => void;
  /** Calls without a price, of all days. */
  readonly unpricedCalls: () => number;
  /** Last night's; `undefined` before the first night. */
  readonly lastLimits: () => RunawayLimits | undefined;
  readonly hasAlert: (unit: Alert["unit"]) => boolean;
  /** In the order in which they were decided. */
  readonly alerts: () => readonly Alert[];
  /** What was told of them at later ages. */
  readonly followUps: () => readonly Alert[];
  /** As it was last stored, in order of day, user and session. */
  readonly storedScores: () => readonly StoredSessionScore[];
};

/** What happened, in order of time. The stores tell nothing of it before the clock has reached it. */
type Happened = {
  readonly outcomes: readonly OutcomeEvent[];
  readonly answers: readonly GivenAnswer[];
};

/** @param nowMs The clock of the replay. */
export function replayStores({ outcomes, answers }: Happened, nowMs: () => number): ReplayStores {
  let limits: RunawayLimits | undefined;
  return {
    ...rollUpStore(),
    ...scoreStore(),
    ...alertStore(answers, nowMs),
    outcomes: {
      readBetween: (from, to) =>
        Promise.resolve(
          outcomes.filter(
            ({ timeMs }) =>
              timeMs >= startOfDay(from) && timeMs < startOfDay(to) && timeMs <= nowMs(),
          ),
        ),
    },
    limits: {
      write: (text) => {
        limits = JsonText.pipe(RunawayLimits).parse(text);
        return Promise.resolve();
      },
    },
    lastLimits: () => limits,
  };
}

function rollUpStore(): Pick<
  ReplayStores,
  "rollUps" | "readUserDay" | "putUserDay" | "unpricedCalls"
> {
  const byDay = new Map<Day, Map<UserPseudonym, FoldedDay>>();
  const inOrder = (day: Day) =>
    [...(byDay.get(day) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, folded]) => folded);
  return {
    readUserDay: (user, day) => byDay.get(day)?.get(user),
    putUserDay: (folded) => {
      const { user, day } = folded.userDay;
      const users = byDay.get(day) ?? new Map<UserPseudonym, FoldedDay>();
      byDay.set(day, users.set(user, folded));
    },
    unpricedCalls: () =>
      [...byDay.values()]
        .flatMap((users) => [...users.values()])
        .reduce((sum, { userDay }) => sum + userDay.unpricedCalls, 0),
    rollUps: {
      readBetween: (from, to) => {
        const folded = daysBetween(from, to).flatMap(inOrder);
        return Promise.resolve({
          userDays: folded.map(({ userDay }) => userDay),
          sessionDays: folded.flatMap(({ sessionDays }) => sessionDays),
        });
      },
    },
  };
}

function scoreStore(): Pick<ReplayStores, "sessionScores" | "storedScores"> {
  const byDay = new Map<Day, Map<string, StoredSessionScore>>();
  return {
    sessionScores: {
      readBetween: (from, to) =>
        Promise.resolve(
          daysBetween(from, to).flatMap((day) => [...(byDay.get(day)?.values() ?? [])]),
        ),
      put: (score) => {
        const scores = byDay.get(score.day) ?? new Map<string, StoredSessionScore>();
        byDay.set(score.day, scores.set(sessionKey(score), score));
        return Promise.resolve();
      },
    },
    storedScores: () =>
      [...byDay.keys()]
        .sort()
        .flatMap((day) =>
          [...(byDay.get(day) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each),
        ),
  };
}

function sessionKey({ user, session }: StoredSessionScore): string {
  return JSON.stringify([user, session]);
}

function alertStore(
  answers: readonly GivenAnswer[],
  nowMs: () => number,
): Pick<ReplayStores, "outbox" | "register" | "hasAlert" | "alerts" | "followUps"> {
  const byId = new Map<string, Alert>();
  const followUps = new Map<string, readonly Alert[]>();
  const asOf = new Map<string, number[]>();
  const historyOf = (type: AlertType, about: string) => asOf.get(`${type} ${about}`) ?? [];
  return {
    outbox: {
      record: (alert) => {
        const { review } = alert;
        if (review?.of !== undefined) {
          const told = followUps.get(review.of.id) ?? [];
          const isFirst = told.every((other) => other.review?.age !== review.age);
          followUps.set(review.of.id, isFirst ? [...told, alert] : told);
          return Promise.resolve(isFirst);
        }
        const isNew = !byId.has(alert.id);
        if (isNew) {
          byId.set(alert.id, alert);
          const about = aboutWhom(alert.unit);
          asOf.set(`${alert.type} ${about}`, [alert.asOfMs, ...historyOf(alert.type, about)]);
        }
        return Promise.resolve(isNew);
      },
      recentAsOf: (type, about, sinceMs) =>
        Promise.resolve(historyOf(type, about).filter((asOfMs) => asOfMs >= sinceMs)),
    },
    register: {
      decidedSince: (day) => {
        const known = answersById(answers.filter(({ atMs }) => atMs <= nowMs()));
        const decided = [...byId.values()].filter(({ asOfMs }) => asOfMs >= startOfDay(day));
        return Promise.resolve(
          decided.map((alert) => {
            const given = known.get(alert.id);
            return {
              alert,
              ...(given === undefined ? {} : { answers: given }),
              followUps: followUps.get(alert.id) ?? [],
            };
          }),
        );
      },
    },
    hasAlert: (unit) => byId.has(alertId(unit)),
    alerts: () => [...byId.values()],
    followUps: () => [...followUps.values()].flat(),
  };
}

function answersById(answers: readonly GivenAnswer[]): ReadonlyMap<string, AlertAnswers> {
  const byId = new Map<string, AlertAnswers>();
  for (const { alertId, ...answer } of answers) {
    byId.set(alertId, withAnswer(byId.get(alertId), answer));
  }
  return byId;
}
