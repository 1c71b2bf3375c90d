import type { Alert } from "../alert.ts";
import type { Phrase } from "../phrase.ts";
import { personDayWords } from "./person-day-words.ts";
import { personWeekWords } from "./person-week-words.ts";
import { sessionWords } from "./session-words.ts";
import { teamWeekWords } from "./team-week-words.ts";

/** All that an explanation says differently for a session, a day, a person's and a team's week. */
export type AlertWords = {
  /** Names no person: a lock screen shows it. */
  readonly subject: string;
  /** One sentence, naming no person. */
  readonly headline: string;
  /** Who spent how much, when. */
  readonly spent: Phrase;
  readonly delivered: Phrase;
  /** Begins the sentence that says what comparable cases cost. */
  readonly comparable: Phrase;
  /** Begins the sentence that says what is usual for the same person or team. */
  readonly ownUsual: Phrase;
  /** How rare this is where all is well. */
  readonly rarity: Phrase;
  /** How old outcomes were, where that decides. */
  readonly age: readonly Phrase[];
  /** Readings under which nothing is wrong, and which the figures cannot rule out. */
  readonly innocent: readonly Phrase[];
  /** What would bring it back into the usual range. */
  readonly clearing: readonly Phrase[];
  /** What cannot wait for an answer. */
  readonly urgent: readonly Phrase[];
};

export function wordsOf(alert: Alert): AlertWords {
  const { unit } = alert;
  switch (unit.kind) {
    case "user-window":
      return personWeekWords(alert, unit);
    case "session":
      return sessionWords(alert, unit);
    case "user-day":
      return personDayWords(alert, unit);
    case "team-window":
      return teamWeekWords(alert, unit);
  }
}
