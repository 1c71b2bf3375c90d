import type { Alert } from "../../shared/alerts/alert.ts";
import type { Notifier } from "../../shared/ports/notifier.ts";

/** Keeps what owners and operators got. */
export function inMemoryNotifier() {
  const delivered: Alert[] = [];
  const told: { readonly subject: string; readonly text: string }[] = [];
  const notifier: Notifier = {
    alert: (alert) => {
      delivered.push(alert);
      return Promise.resolve({ to: alert.owner, messageIds: [`message-${delivered.length}`] });
    },
    operations: (subject, text) => {
      told.push({ subject, text });
      return Promise.resolve();
    },
  };
  return { ...notifier, delivered, told };
}
