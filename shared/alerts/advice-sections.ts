import type { Alert } from "./alert.ts";
import type { AnswerLink } from "./answer-link.ts";
import { ANSWER_ITEMS, answerEffect, LONGEST_SHOWN_ID } from "./answer-words.ts";
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
export function answering(alert: Alert, link?: AnswerLink): ExplanationSection {
  return {
    title: "How to answer",
    text: [
      ...wordsOf(alert).urgent,
      say`This message comes from a machine that reads no replies.`,
      link === undefined
        ? say`Answer with one of four words, by the command below or through whoever operates Outpace for you; the last answer counts.`
        : say`The link opens a page with four answers; opening it records nothing, and the last answer counts.`,
      answerEffect(alert.unit),
      ...(link === undefined
        ? [say`The operator can also find the person behind the pseudonym.`]
        : linkWords(link)),
      say`Alert id: ${named(alert.id, LONGEST_SHOWN_ID)}`,
    ],
    items: ANSWER_ITEMS,
    ...(link === undefined
      ? { commands: [answerCommand(alert)] }
      : { links: [{ label: "Answer", url: link.url }] }),
  };
}

/** What needs no quotes in a shell, and is shown as it is. */
const PLAIN = /^[A-Za-z0-9_-]+$/;

function linkWords({ lastDay }: AnswerLink): readonly Phrase[] {
  return [
    say`The link works until ${lastDay}, for this one alert, and for whoever has it.`,
    say`Whoever operates Outpace for you can record an answer without it, and find the person behind the pseudonym.`,
  ];
}

/** What is typed: outsiders choose ids of sessions, and none of them may become part of a command. */
function answerCommand({ id, owner }: Alert): Name {
  const [shownId, shownOwner] = [plainOr(id, "ALERT-ID"), plainOr(owner, "OWNER")];
  return named(`npm run alerts -- answer ${shownId} ANSWER --by ${shownOwner}`, LONGEST_SHOWN_ID);
}

function plainOr(text: string, placeholder: string): string {
  return PLAIN.test(text) ? text : placeholder;
}
