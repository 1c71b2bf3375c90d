import { dollars } from "../money/nano-usd.ts";
import { answering, clearing } from "./advice-sections.ts";
import type { Alert, AlertReview, DeliveryChange, UndoneCause } from "./alert.ts";
import type { AnswerLink } from "./answer-link.ts";
import { stake, usual } from "./evidence-sections.ts";
import type { Explanation } from "./explanation.ts";
import type { ExplanationSection } from "./explanation-section.ts";
import { named, type Phrase, say } from "./phrase.ts";
import { units } from "./plain-numbers.ts";
import { lastDay, periodOf, windowLength } from "./unit-period.ts";
import { ageWords, idOnly, personOf } from "./words/common-words.ts";

const MOST_CHANGES = 8;

/** A short message about an alert that was told before: what changed, and what follows. */
export function explainFollowUp(alert: Alert, review: AlertReview, link?: AnswerLink): Explanation {
  const { id, type } = alert;
  const told = { ...alert, id: review.of?.id ?? id };
  const common = { alertId: id, type, ...headed(alert, review) };
  return review.verdict === "resolved"
    ? {
        ...common,
        findings: [whatChanged(alert, review), usual(alert)],
        nextSteps: [closed(told, review)],
      }
    : {
        ...common,
        findings: [whatChanged(alert, review), usual(alert), stake(alert)],
        nextSteps: [clearing(alert), answering(told, link)],
      };
}

function headed({ unit, team, evidence }: Alert, { verdict }: AlertReview) {
  const cost = dollars(evidence.costNanoUsd);
  const period = periodOf(unit);
  const about = `${cost}, ${idOnly(team)}, ${period.from} to ${lastDay(period)}`;
  const spend = `${cost} of AI spend by one person in ${idOnly(team)} in ${windowLength(period)}`;
  return verdict === "resolved"
    ? {
        subject: `Outpace: resolved, ${about}`,
        headline: `Resolved: ${spend} is no longer unusual for the work delivered.`,
      }
    : {
        subject: `Outpace: raised, ${about}`,
        headline: `Raised: ${spend} is more unusual than last told, as delivered work was undone.`,
      };
}

/** What happened to the work of a week since it was last told or looked at. */
export function whatChanged(alert: Alert, review: AlertReview): ExplanationSection {
  const { before, changes, of, verdict } = review;
  const { unit, team, evidence } = alert;
  const isNew = of === undefined || unit.kind === "team-window";
  const person = isNew ? [] : [say`It is about ${personOf(unit.user, team)}.`];
  const since = of === undefined ? "At the first look" : "When it was last told";
  const more = changes.length - MOST_CHANGES;
  return {
    title: "What changed",
    text: [
      ...person,
      say`${since}, ${units(before.credit)} of delivered work were credited; now it is ${units(evidence.delivery.credit)}.`,
      ...excessChange(alert, review),
      ageWords(alert.asOfMs, periodOf(unit).to),
      say`${verdict === "resolved" ? "Delivered since:" : "Undone since:"}`,
    ],
    items: [
      ...changes.slice(0, MOST_CHANGES).map(changeWords),
      ...(more > 0 ? [say`and ${more} more like these`] : []),
    ],
  };
}

function excessChange({ evidence }: Alert, { before }: AlertReview): readonly Phrase[] {
  const { excessNanoUsd } = before;
  return excessNanoUsd === undefined
    ? []
    : [
        say`Of the spend, ${dollars(evidence.excessNanoUsd)} is above what such work usually takes, after ${dollars(excessNanoUsd)} then.`,
      ];
}

const CAUSE_WORDS = {
  incident: "an incident in production named it",
  "incident-among-others":
    "it was reverted or rolled back, and an incident in production named some of it",
} as const satisfies Record<UndoneCause, string>;

function changeWords({ kind, task, credit, day, cause }: DeliveryChange): Phrase {
  if (kind === "undone") {
    const why = cause === undefined ? "it was reverted or rolled back" : CAUSE_WORDS[cause];
    return say`${named(task)}: ${units(credit)} less, as ${why}`;
  }
  return day === undefined
    ? say`${named(task)}: ${units(credit)} more`
    : say`${named(task)}: ${units(credit)} more, delivered by ${day}`;
}

function closed({ id }: Alert, { age }: AlertReview): ExplanationSection {
  return {
    title: "What follows",
    text: [
      say`Nothing has to be done: the alert is closed, and the week counts among the usual ones.`,
      age === "72h"
        ? say`The week is looked at once more 14 days after its end: if this work is undone by then, and that changes the judgement, you are told.`
        : say`The week is not looked at again.`,
      say`Alert id: ${named(id)}`,
    ],
    items: [],
  };
}
