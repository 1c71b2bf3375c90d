import type { AlertUnit } from "./alert.ts";
import { ANSWERS, type Answer } from "./alert-answer.ts";
import { type Phrase, say } from "./phrase.ts";

/** Longest id of an alert that is shown whole, in characters. */
export const LONGEST_SHOWN_ID = 400;

/** What each answer says of the spend. */
export const ANSWER_WORDS = {
  waste: "nothing useful came of it",
  expected: "such work takes as much",
  planned: "it was decided on beforehand, such as a migration",
  "wrong-data": "the figures are wrong",
} as const satisfies Record<Answer, string>;

/** The four answers with what each says, for a list. */
export const ANSWER_ITEMS: readonly Phrase[] = ANSWERS.map(
  (answer) => say`${answer}: ${ANSWER_WORDS[answer]}`,
);

/** What each answer will change, before one is given. */
export function answerEffect({ kind }: AlertUnit): Phrase {
  switch (kind) {
    case "user-window":
      return say`After waste or wrong-data, nothing is learnt from these seven days; after expected or planned, later weeks are measured against them too.`;
    case "session":
    case "user-day":
      return say`After waste or wrong-data, nothing is learnt from the weeks that this is in; the other answers are kept with the alert.`;
    case "team-window":
      return say`An answer is kept with the alert.`;
  }
}

/** What the answer that was given changes. */
export function answerChanges({ kind }: AlertUnit, answer: Answer): string {
  const isLeftOut = answer === "waste" || answer === "wrong-data";
  if (kind === "team-window" || (kind !== "user-window" && !isLeftOut)) {
    return "It is kept with the alert, and changes nothing else.";
  }
  if (kind !== "user-window") {
    return "From the next night on, nothing is learnt from the weeks that this is in.";
  }
  return isLeftOut
    ? "From the next night on, nothing is learnt from these seven days."
    : "From the next night on, later weeks are measured against these seven days too.";
}
