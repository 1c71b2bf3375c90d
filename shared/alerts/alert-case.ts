import type { Alert } from "./alert.ts";
import type { AlertAnswers } from "./alert-answer.ts";

/** An alert, and what became of it since. */
export type AlertCase = {
  readonly alert: Alert;
  /** What its owner answered, if anything. */
  readonly answers?: AlertAnswers;
  /** What was told of it at later ages, in that order. */
  readonly followUps: readonly Alert[];
  /** Id of the owner whom the last message about it went to; absent until one is sent. */
  readonly sentTo?: string;
};

/** What the owner was told last. */
export function lastTold({ alert, followUps }: Pick<AlertCase, "alert" | "followUps">): Alert {
  return followUps.at(-1) ?? alert;
}

/** Whether a later look found that it is no longer unusual. */
export function isResolved(known: Pick<AlertCase, "alert" | "followUps">): boolean {
  return lastTold(known).review?.verdict === "resolved";
}

/** Whether the alert still waits for its owner. */
export function isOpen(known: AlertCase): boolean {
  return known.answers === undefined && !isResolved(known);
}

/** Alerts and follow-ups that were decided before a moment, as they were known then. */
export function decidedBefore(cases: readonly AlertCase[], timeMs: number): readonly AlertCase[] {
  const isBefore = ({ asOfMs }: Alert) => asOfMs < timeMs;
  return cases
    .filter(({ alert }) => isBefore(alert))
    .map((known) => ({ ...known, followUps: known.followUps.filter(isBefore) }));
}
