import { MICRO_UNITS_PER_UNIT, type SessionCredit } from "./delivery-unit.ts";
import { isJudgedChange } from "./earning.ts";
import { inTime, type SessionFact } from "./session-index.ts";
import { strongerRule } from "./session-links.ts";
import { splitExactly } from "./split-exactly.ts";
import { linksAsOf } from "./task-links.ts";
import {
  creditAt,
  deliveredOutcomes,
  type EarningOutcome,
  standingOutcomes,
  type TaskTimeline,
} from "./task-timeline.ts";

/**
 * How a task's credit is split over session-days, as known at a time: by lines over the changes that
 * stand, then by cost over the sessions of each, so that a trivial change does not bring a dear session
 * the credit of a colleague's.
 */
export function sessionCreditsAt(timeline: TaskTimeline, asOfMs: number): readonly SessionCredit[] {
  const parts = partsAt(timeline, asOfMs);
  const weights = parts.map(({ weightedLines }) => weightedLines);
  const shares = splitExactly(MICRO_UNITS_PER_UNIT, weights);
  const credits = splitExactly(creditAt(timeline, asOfMs), weights);
  const byFact = new Map<SessionFact, SessionCredit>();
  for (const [at, part] of parts.entries()) {
    const links = linksAsOf(part.links, asOfMs);
    const costs = links.map(({ fact }) => Number(fact.costNanoUsd));
    const ofShare = splitExactly(shares[at] ?? 0, costs);
    const ofCredit = splitExactly(credits[at] ?? 0, costs);
    for (const [position, { fact, rule }] of links.entries()) {
      const known = byFact.get(fact);
      byFact.set(fact, {
        user: fact.user,
        session: fact.session,
        day: fact.day,
        rule: known === undefined ? rule : strongerRule(known.rule, rule),
        shareMillionths: (known?.shareMillionths ?? 0) + (ofShare[position] ?? 0),
        creditMicroUnits: (known?.creditMicroUnits ?? 0) + (ofCredit[position] ?? 0),
      });
    }
  }
  return [...byFact].sort(([a], [b]) => inTime(a, b)).map(([, credit]) => credit);
}

/** An issue that is resolved by changes is theirs; of a task that was undone, what it was. */
function partsAt(timeline: TaskTimeline, asOfMs: number): readonly EarningOutcome[] {
  const standing = standingOutcomes(timeline, asOfMs);
  const parts = standing.length > 0 ? standing : deliveredOutcomes(timeline, asOfMs);
  const changes = parts.filter(({ node }) => isJudgedChange(node));
  return changes.length > 0 ? changes : parts;
}
