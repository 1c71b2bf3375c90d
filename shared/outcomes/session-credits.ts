import { MICRO_UNITS_PER_UNIT, type SessionCredit } from "./delivery-unit.ts";
import { isJudgedChange } from "./earning.ts";
import { type KnownLink, NO_LINKS } from "./kept-links.ts";
import type { OutcomeEvent } from "./outcome-event.ts";
import { inTime, type SessionFact } from "./session-index.ts";
import { strongerRule } from "./session-links.ts";
import { splitExactly } from "./split-exactly.ts";
import {
  creditOf,
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
  const standing = standingOutcomes(timeline, asOfMs);
  const parts = partsOf(standing, timeline, asOfMs);
  const weights = weightsOf(parts, timeline.unitLines);
  const shares = splitExactly(MICRO_UNITS_PER_UNIT, weights);
  const credits = splitExactly(creditOf(standing, timeline), weights);
  const linked = parts.map(({ linksAt }, at) =>
    creditsOf(timeline.links.knownAt(linksAt, asOfMs), shares[at] ?? 0, credits[at] ?? 0),
  );
  const [only = [], ...others] = linked;
  return (others.length === 0 ? only : addedUp(linked.flat())).map(({ credit }) => credit);
}

/** Told what one day of a session earned of a task. */
export type Earn = (fact: SessionFact, creditMicroUnits: number) => void;

/**
 * The credit of {@link sessionCreditsAt} and no more than that: a session that took part in several
 * changes is told of more than once. There are hundreds of thousands of tasks, so nothing is made of it here.
 *
 * @param standing The outcomes of the task that earn and stand at that time.
 */
export function eachEarnedCredit(
  standing: readonly EarningOutcome[],
  timeline: TaskTimeline,
  asOfMs: number,
  earn: Earn,
): void {
  const credit = creditOf(standing, timeline);
  if (credit === 0) {
    return;
  }
  const parts = partsOf(standing, timeline, asOfMs);
  const weights = weightsOf(parts, timeline.unitLines);
  for (const [at, ofPart] of splitExactly(credit, weights).entries()) {
    const facts = timeline.links.knownFactsAt(parts[at]?.linksAt ?? NO_LINKS, asOfMs);
    const earned = splitExactly(ofPart, facts.map(costOf));
    for (let position = 0; position < facts.length; position++) {
      const fact = facts[position];
      if (fact !== undefined) {
        earn(fact, earned[position] ?? 0);
      }
    }
  }
}

/** What an outcome brings to its task. */
export type OutcomeCredit = { readonly outcome: OutcomeEvent; readonly creditMicroUnits: number };

/** How a task's credit is split over its outcomes before it is split over sessions; none of what was undone. */
export function outcomeCreditsAt(timeline: TaskTimeline, asOfMs: number): readonly OutcomeCredit[] {
  const standing = standingOutcomes(timeline, asOfMs);
  const parts = standing.length === 0 ? [] : partsOf(standing, timeline, asOfMs);
  const weights = weightsOf(parts, timeline.unitLines);
  const credits = splitExactly(creditOf(standing, timeline), weights);
  return parts.map(({ node: { outcome } }, at) => ({
    outcome,
    creditMicroUnits: credits[at] ?? 0,
  }));
}

function costOf({ costNanoUsd }: SessionFact): number {
  return Number(costNanoUsd);
}

type LinkedCredit = { readonly fact: SessionFact; readonly credit: SessionCredit };

function creditsOf(
  links: readonly KnownLink[],
  share: number,
  credit: number,
): readonly LinkedCredit[] {
  const costs = links.map(({ fact }) => costOf(fact));
  const ofShare = splitExactly(share, costs);
  const ofCredit = splitExactly(credit, costs);
  return links.map(({ fact, rule }, at) => ({
    fact,
    credit: {
      user: fact.user,
      session: fact.session,
      day: fact.day,
      rule,
      shareMillionths: ofShare[at] ?? 0,
      creditMicroUnits: ofCredit[at] ?? 0,
    },
  }));
}

/** Of several changes: a session that took part in more than one is told once, in order of time. */
function addedUp(linked: readonly LinkedCredit[]): readonly LinkedCredit[] {
  const byFact = new Map<SessionFact, SessionCredit>();
  for (const { fact, credit } of linked) {
    const known = byFact.get(fact);
    byFact.set(
      fact,
      known === undefined
        ? credit
        : {
            ...credit,
            rule: strongerRule(known.rule, credit.rule),
            shareMillionths: known.shareMillionths + credit.shareMillionths,
            creditMicroUnits: known.creditMicroUnits + credit.creditMicroUnits,
          },
    );
  }
  return [...byFact]
    .map(([fact, credit]) => ({ fact, credit }))
    .sort((a, b) => inTime(a.fact, b.fact));
}

/**
 * An issue that is resolved by changes is theirs, a registered use case a part of its own; of a task
 * that was undone, what it was.
 */
function partsOf(
  standing: readonly EarningOutcome[],
  timeline: TaskTimeline,
  asOfMs: number,
): readonly EarningOutcome[] {
  const parts = standing.length > 0 ? standing : deliveredOutcomes(timeline, asOfMs);
  if (parts.length === 1) {
    return parts;
  }
  const changes = parts.filter(({ node }) => isJudgedChange(node));
  return changes.length > 0
    ? parts.filter((part) => isJudgedChange(part.node) || isRegistered(part))
    : parts;
}

/** Beside a registered use case, all else weighs one unit at most: a large change does not take its part. */
function weightsOf(parts: readonly EarningOutcome[], unitLines: number): readonly number[] {
  if (!parts.some(isRegistered)) {
    return parts.map(({ earning }) => earning.weightedLines);
  }
  const others = parts.filter((part) => !isRegistered(part));
  const lines = others.reduce((sum, { earning }) => sum + earning.weightedLines, 0);
  const scale = lines > unitLines ? unitLines / lines : 1;
  return parts.map((part) => part.earning.weightedLines * (isRegistered(part) ? 1 : scale));
}

function isRegistered({ earning }: EarningOutcome): boolean {
  return earning.useCaseWeight !== undefined;
}
