import type { Alert } from "./alert.ts";
import type { AlertAnswers } from "./alert-answer.ts";

/** An alert, and what became of it since. */
export type AlertCase = {
  readonly alert: Alert;
  /** What its owner answered, if anything. */
  readonly answers?: AlertAnswers;
};

/** Whether the alert still waits for its owner. */
export function isOpen({ answers }: AlertCase): boolean {
  return answers === undefined;
}
