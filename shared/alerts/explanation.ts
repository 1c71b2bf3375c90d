import { answering, clearing, innocentReadings } from "./advice-sections.ts";
import type { Alert, AlertType } from "./alert.ts";
import type { AnswerLink } from "./answer-link.ts";
import { bridge } from "./bridge-section.ts";
import { certainty, drivers, stake, usual, what } from "./evidence-sections.ts";
import type { ExplanationSection } from "./explanation-section.ts";
import { explainFollowUp, whatChanged } from "./follow-up-explanation.ts";
import { wordsOf } from "./words/alert-words.ts";

/**
 * An alert in plain words, for somebody who answers for a budget and knows no statistics. E-mail,
 * chat and terminal show the same explanation.
 */
export type Explanation = {
  readonly alertId: string;
  readonly type: AlertType;
  /** Names no person: a lock screen shows it. */
  readonly subject: string;
  /** One sentence, naming no person. */
  readonly headline: string;
  /** What the alert says, in the order to read it. */
  readonly findings: readonly ExplanationSection[];
  /** What can be done about it. */
  readonly nextSteps: readonly ExplanationSection[];
};

/** @param link Where it can be answered; without one, the message says by which command. */
export function explain(alert: Alert, link?: AnswerLink): Explanation {
  const { review } = alert;
  if (review?.of !== undefined) {
    return explainFollowUp(alert, review, link);
  }
  const { subject, headline } = wordsOf(alert);
  const whyNow = review === undefined ? [] : [() => whatChanged(alert, review)];
  const findings = [what, ...whyNow, usual, bridge, drivers, stake, certainty, innocentReadings];
  return {
    alertId: alert.id,
    type: alert.type,
    subject,
    headline,
    findings: findings.map((section) => section(alert)).filter(hasContent),
    nextSteps: [clearing(alert), answering(alert, link)].filter(hasContent),
  };
}

function hasContent({ text, items }: ExplanationSection): boolean {
  return text.length + items.length > 0;
}
