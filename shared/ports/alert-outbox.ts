import type { Alert, AlertType } from "../alerts/alert.ts";
import type { SentMessage } from "./notifier.ts";

export type OutboxEntry = {
  readonly alert: Alert;
  readonly recordedAtMs: number;
  readonly claimedAtMs?: number;
  /** When operators were told that nobody knows whether it was delivered. */
  readonly uncertainAtMs?: number;
};

/** Alerts between decision and delivery. An alert is recorded, claimed, published, then marked sent. */
export type AlertOutbox = {
  /** Records an alert once for its id. Answers false if it is there already, sent or not. */
  readonly record: (alert: Alert, nowMs: number) => Promise<boolean>;
  /** When alerts of this type about this person or team were last decided, latest first. */
  readonly recentAsOf: (
    type: AlertType,
    about: string,
    sinceMs: number,
  ) => Promise<readonly number[]>;
  readonly pending: () => Promise<readonly OutboxEntry[]>;
  /** Takes an alert for delivery. False: sent, or in the hands of another worker. */
  readonly claim: (alertId: string, nowMs: number) => Promise<boolean>;
  /** Gives a claimed alert back: the topic said that it was not accepted. */
  readonly release: (alertId: string) => Promise<void>;
  readonly markSent: (alertId: string, nowMs: number, sent: SentMessage) => Promise<void>;
  /** Notes that operators were told. The alert stays claimed, so that it is never sent by itself. */
  readonly markUncertain: (alertId: string, nowMs: number) => Promise<void>;
};
