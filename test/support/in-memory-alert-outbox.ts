import { aboutWhom } from "../../shared/alerts/alert.ts";
import type { AlertOutbox, OutboxEntry } from "../../shared/ports/alert-outbox.ts";

export type SentAlert = { readonly sentAtMs: number; readonly messageIds: readonly string[] };

/** The outbox with a look inside: what waits, and what was sent. */
export function inMemoryAlertOutbox() {
  const recorded = new Map<string, OutboxEntry>();
  const waiting = new Map<string, OutboxEntry>();
  const sent = new Map<string, SentAlert>();
  const outbox: AlertOutbox = {
    record: (alert, nowMs) => {
      const isNew = !recorded.has(alert.id);
      if (isNew) {
        const entry = { alert, recordedAtMs: nowMs };
        recorded.set(alert.id, entry);
        waiting.set(alert.id, entry);
      }
      return Promise.resolve(isNew);
    },
    recentAsOf: (type, user, sinceMs) =>
      Promise.resolve(
        [...recorded.values()]
          .filter(({ alert }) => alert.type === type && aboutWhom(alert.unit) === user)
          .map(({ alert }) => alert.asOfMs)
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
    markSent: (alertId, sentAtMs, messageIds) => {
      if (waiting.delete(alertId)) {
        sent.set(alertId, { sentAtMs, messageIds });
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
  return { ...outbox, waiting, sent };
}
