import type { Alert } from "./alert.ts";
import { ANSWERS, type Answer } from "./alert-answer.ts";
import type { ExplanationSection } from "./explanation-section.ts";
import { type Name, named, type Phrase, say } from "./phrase.ts";
import { wordsOf } from "./words/alert-words.ts";

/** Readings under which nothing is wrong, and which the figures cannot rule out. */
export function innocentReadings(alert: Alert): ExplanationSection {
  return {
    title: "What else it may be",
    text: [say`None of these can be ruled out from here:`],
    items: wordsOf(alert).innocent,
  };
}

/** What would bring the unit back into the usual range. */
export function clearing(alert: Alert): ExplanationSection {
  return { title: "What would clear it", text: [], items: wordsOf(alert).clearing };
}

/** How to answer, and what an answer changes. */
export function answering(alert: Alert): ExplanationSection {
  return {
    title: "How to answer",
    text: [
      ...wordsOf(alert).urgent,
      say`This message comes from a machine that reads no replies.`,
      say`Answer with one of four words, by the command below or through whoever operates Outpace for you; the last answer counts.`,
      ...answerEffect(alert),
      say`The operator can also find the person behind the pseudonym.`,
      say`Alert id: ${named(alert.id, LONGEST_ID)}`,
    ],
    items: ANSWERS.map((answer) => say`${answer}: ${ANSWER_WORDS[answer]}`),
    commands: [answerCommand(alert)],
  };
}

const LONGEST_ID = 400;
/** What needs no quotes in a shell, and is shown as it is. */
const PLAIN = /^[A-Za-z0-9_-]+$/;

const ANSWER_WORDS = {
  waste: "nothing useful came of it",
  expected: "such work takes as much",
  planned: "it was decided on beforehand, such as a migration",
  "wrong-data": "the figures are wrong",
} as const satisfies Record<Answer, string>;

/** What is typed: outsiders choose ids of sessions, and none of them may become part of a command. */
function answerCommand({ id, owner }: Alert): Name {
  const [shownId, shownOwner] = [plainOr(id, "ALERT-ID"), plainOr(owner, "OWNER")];
  return named(`npm run alerts -- answer ${shownId} ANSWER --by ${shownOwner}`, LONGEST_ID);
}

function plainOr(text: string, placeholder: string): string {
  return PLAIN.test(text) ? text : placeholder;
}

function answerEffect({ unit }: Alert): readonly Phrase[] {
  switch (unit.kind) {
    case "user-window":
      return [
        say`After waste or wrong-data, nothing is learnt from these seven days; after expected or planned, later weeks are measured against them too.`,
      ];
    case "session":
    case "user-day":
      return [
        say`After waste or wrong-data, nothing is learnt from the weeks that this is in; the other answers are kept with the alert.`,
      ];
    case "team-window":
      return [say`An answer is kept with the alert.`];
  }
}
