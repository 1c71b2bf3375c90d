import type { Alert } from "../alerts/alert.ts";

/** The topic refused the message, or could not be reached before it was sent: safe to try again. */
export class NotAcceptedError extends Error {
  override readonly name = "NotAcceptedError";
}

export type SentMessage = {
  /** Id of the owner whom it went to: another than the alert's, if that one is not configured any more. */
  readonly to: string;
  readonly messageIds: readonly string[];
};

/** Publishes to the owner's topics. */
export type Notifier = {
  /**
   * @throws {NotAcceptedError} if it is certain that nobody got it.
   *   Any other error leaves it open whether somebody did.
   */
  readonly alert: (alert: Alert) => Promise<SentMessage>;
  /** Tells the operators. */
  readonly operations: (subject: string, text: string) => Promise<void>;
};
