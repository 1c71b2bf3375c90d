import { type Alert, aboutWhom } from "../../shared/alerts/alert.ts";
import { type AlertAnswers, withAnswer } from "../../shared/alerts/alert-answer.ts";
import { dayOf, startOfDay } from "../../shared/ledger/calendar.ts";
import type { AlertOutbox, OutboxEntry } from "../../shared/ports/alert-outbox.ts";
import type { AlertRegister } from "../../shared/ports/alert-register.ts";
import type { SentMessage } from "../../shared/ports/notifier.ts";

export type SentAlert = SentMessage & { readonly sentAtMs: number };

/** The outbox with a look inside: what waits, what was sent, and the register of all of it. */
export function inMemoryAlertOutbox() {
  const recorded = new Map<string, OutboxEntry>();
  const waiting = new Map<string, OutboxEntry>();
  const sent = new Map<string, SentAlert>();
  const placeOf = ({ id, review }: Alert) =>
    review?.of === undefined ? id : `${review.of.id} ${review.age}`;
  const alertsThat = (areFollowUps: boolean) =>
    [...recorded.values()]
      .map(({ alert }) => alert)
      .filter(({ review }) => (review?.of !== undefined) === areFollowUps);
  const outbox: AlertOutbox = {
    record: (alert, nowMs) => {
      const isNew = !recorded.has(placeOf(alert));
      if (isNew) {
        const entry = { alert, recordedAtMs: nowMs };
        recorded.set(placeOf(alert), entry);
        waiting.set(alert.id, entry);
      }
      return Promise.resolve(isNew);
    },
    recentAsOf: (type, user, sinceMs) =>
      Promise.resolve(
        alertsThat(false)
          .filter((alert) => alert.type === type && aboutWhom(alert.unit) === user)
          .map(({ asOfMs }) => asOfMs)
          .filter((asOfMs) => asOfMs >= sinceMs)
          .sort((a, b) => b - a),
      ),
    pending: () => Promise.resolve([...waiting.values()]),
    claim: (alertId, nowMs) => {
      const entry = waiting.get(alertId);
      const isFree = entry !== undefined && entry.claimedAtMs === undefined;
      if (isFree) {
        waiting.set(alertId, { ...entry, claimedAtMs: nowMs });
      }
      return Promise.resolve(isFree);
    },
    release: (alertId) => {
      const entry = waiting.get(alertId);
      if (entry !== undefined) {
        waiting.set(alertId, { alert: entry.alert, recordedAtMs: entry.recordedAtMs });
      }
      return Promise.resolve();
    },
    markSent: (alertId, sentAtMs, message) => {
      if (waiting.delete(alertId)) {
        sent.set(alertId, { sentAtMs, ...message });
      }
      return Promise.resolve();
    },
    markUncertain: (alertId, nowMs) => {
      const entry = waiting.get(alertId);
      if (entry?.claimedAtMs !== undefined) {
        waiting.set(alertId, { ...entry, uncertainAtMs: nowMs });
      }
      return Promise.resolve();
    },
  };
  const answers = new Map<string, AlertAnswers>();
  const register: AlertRegister = {
    decidedSince: (day) =>
      Promise.resolve(
        alertsThat(false)
          .filter(({ asOfMs }) => asOfMs >= startOfDay(day))
          .map((alert) => {
            const known = answers.get(alert.id);
            const followUps = alertsThat(true).filter(({ review }) => review?.of?.id === alert.id);
            const sentTo = [alert, ...followUps]
              .map(({ id }) => sent.get(id)?.to)
              .findLast((to) => to !== undefined);
            return {
              alert,
              ...(known === undefined ? {} : { answers: known }),
              followUps,
              ...(sentTo === undefined ? {} : { sentTo }),
            };
          }),
      ),
    find: async ({ id, decided }) =>
      (await register.decidedSince(decided)).find(
        ({ alert }) => alert.id === id && dayOf(alert.asOfMs) === decided,
      ),
    answer: (alert, answer) => {
      const stored = withAnswer(answers.get(alert.id), answer);
      answers.set(alert.id, stored);
      return Promise.resolve(stored);
    },
  };
  return { ...outbox, waiting, sent, register };
}
