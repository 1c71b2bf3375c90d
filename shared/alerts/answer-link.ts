import { addDays, dayOf } from "../ledger/calendar.ts";
import type { Day } from "../ledger/roll-ups.ts";
import type { Alert } from "./alert.ts";

/** Where an alert can be answered without a terminal. */
export type AnswerLink = {
  readonly url: string;
  /** The last day, in UTC, on which it works. */
  readonly lastDay: Day;
};

/** Which alert is answered: its id, and the day on which it was decided, under which the register keeps it. */
export type AnsweredAlert = { readonly id: string; readonly decided: Day };

/** What a link allows: one alert, until the end of a day in UTC. */
export type LinkedAnswer = AnsweredAlert & {
  readonly lastDay: Day;
  /** Whom the message with the link went to. The alert may have been decided for an owner who has left since. */
  readonly owner: string;
};

const DAYS_OPEN = 30;

/**
 * What the link in a message about an alert allows; nothing if the message asks for no answer. A raised
 * alert is answered under the id of the one that was told first.
 *
 * @param alert As it goes out: with the owner whom its message reaches.
 */
export function linkedAnswer(
  { id, asOfMs, owner, review }: Alert,
  nowMs: number,
): LinkedAnswer | undefined {
  if (review?.of !== undefined && review.verdict === "resolved") {
    return undefined;
  }
  const answered = review?.of ?? { id, asOfMs };
  return {
    id: answered.id,
    decided: dayOf(answered.asOfMs),
    lastDay: addDays(dayOf(nowMs), DAYS_OPEN),
    owner,
  };
}
