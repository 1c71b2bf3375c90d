import { dollars } from "../money/nano-usd.ts";
import { answering, clearing, innocentReadings } from "./advice-sections.ts";
import type { Alert, AlertType, AlertUnit } from "./alert.ts";
import { bridge } from "./bridge-section.ts";
import { certainty, drivers, stake, usual, what } from "./evidence-sections.ts";
import type { ExplanationSection } from "./explanation-section.ts";
import { lastDay, windowLength } from "./unit-period.ts";

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

export function explain(alert: Alert): Explanation {
  const findings = [what, usual, bridge, drivers, stake, certainty, innocentReadings];
  return {
    alertId: alert.id,
    type: alert.type,
    subject: subject(alert),
    headline: headline(alert),
    findings: findings.map((section) => section(alert)).filter(hasContent),
    nextSteps: [clearing(alert), answering(alert)].filter(hasContent),
  };
}

function hasContent({ text, items }: ExplanationSection): boolean {
  return text.length + items.length > 0;
}

function subject({ unit, team, evidence }: Alert): string {
  const cost = dollars(evidence.costNanoUsd);
  return unit.kind === "session"
    ? `Outpace: one AI session at ${cost}, ${idOnly(team)}, ${unit.day}`
    : `Outpace: spend unusual for delivered work, ${cost}, ${idOnly(team)}, ${periodOf(unit)}`;
}

function headline({ unit, team, evidence }: Alert): string {
  const cost = dollars(evidence.costNanoUsd);
  return unit.kind === "session"
    ? `One open AI session in ${idOnly(team)} has cost ${cost} so far. That is unusual for a session that ends in delivered work.`
    : `${cost} of AI spend by one person in ${idOnly(team)} in ${windowLength(unit)} is unusual for the work delivered.`;
}

function periodOf(unit: Extract<AlertUnit, { kind: "user-window" }>): string {
  return `${unit.from} to ${lastDay(unit)}`;
}

/** Teams have ids of letters, digits and dashes; whatever else comes is left out. */
function idOnly(id: string): string {
  return id.replace(/[^A-Za-z0-9-]/g, "").slice(0, 63) || "an unnamed team";
}
