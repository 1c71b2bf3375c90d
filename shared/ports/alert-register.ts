import type { Alert } from "../alerts/alert.ts";
import type { AlertAnswer, AlertAnswers } from "../alerts/alert-answer.ts";
import type { AlertCase } from "../alerts/alert-case.ts";
import type { AnsweredAlert } from "../alerts/answer-link.ts";
import type { Day } from "../ledger/roll-ups.ts";

/** Every alert that was decided, and what became of it. */
export type AlertRegister = {
  /** Alerts decided on a day or later, in order of that day and of their ids. */
  readonly decidedSince: (day: Day) => Promise<readonly AlertCase[]>;
  /** The one alert of that id and day; nothing if there is none. */
  readonly find: (alert: AnsweredAlert) => Promise<AlertCase | undefined>;
  /**
   * Stores an answer to an alert and says what is stored by then. The last answer counts; the same one
   * again changes nothing.
   */
  readonly answer: (alert: Alert, answer: AlertAnswer) => Promise<AlertAnswers>;
};
