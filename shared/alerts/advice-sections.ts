import type { Alert } from "./alert.ts";
import type { ExplanationSection } from "./explanation-section.ts";
import { named, say } from "./phrase.ts";
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

/** How to answer. Says what exists, and no more. */
export function answering(alert: Alert): ExplanationSection {
  return {
    title: "How to answer",
    text: [
      ...wordsOf(alert).urgent,
      say`This message comes from a machine that reads no replies.`,
      say`Tell whoever operates Outpace for you one of three words, with the id of the alert: planned, real waste, or wrong data.`,
      say`There is no button for it yet, and an answer does not change later alerts by itself.`,
      say`The operator can also find the person behind the pseudonym.`,
      say`Alert id: ${named(alert.id)}`,
    ],
    items: [],
  };
}
