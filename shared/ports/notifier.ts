import type { Alert } from "../alerts/alert.ts";

/** The topic refused the message, or could not be reached before it was sent: safe to try again. */
export class NotAcceptedError extends Error {
  override readonly name = "NotAcceptedError";
}

/** Publishes to the owner's topics. Answers the message ids. */
export type Notifier = {
  /**
   * @throws {NotAcceptedError} if it is certain that nobody got it.
   *   Any other error leaves it open whether somebody did.
   */
  readonly alert: (alert: Alert) => Promise<readonly string[]>;
  /** Tells the operators. */
  readonly operations: (subject: string, text: string) => Promise<void>;
};
