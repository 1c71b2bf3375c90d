import type { SessionCredit } from "./delivery-unit.ts";
import { MICRO_UNITS_PER_UNIT } from "./delivery-unit.ts";
import { type Earning, type EarningRules, earningOf, isJudgedChange } from "./earning.ts";
import type { OutcomeNode } from "./outcome-graph.ts";
import type { SessionIndex } from "./session-index.ts";
import { explicitLinks, type SessionLink, windowShareLinks } from "./session-links.ts";
import { splitExactly } from "./split-exactly.ts";
import { isUndoneAt, type Standing } from "./standing.ts";
import type { TaskGroup } from "./task-groups.ts";

export type JudgedOutcome = { readonly node: OutcomeNode; readonly earning: Earning };

/** A task through time: what it was worth, and to which sessions, as known at any moment. */
export type TaskTimeline = {
  readonly task: string;
  readonly unitLines: number;
  readonly judged: readonly JudgedOutcome[];
  readonly standing: Standing;
  /** Explicit links, and window shares for the time before the first explicit one is known. */
  readonly links: readonly SessionLink[];
};

export function taskTimeline(
  { task, nodes }: TaskGroup,
  rules: EarningRules,
  standing: Standing,
  index: SessionIndex,
): TaskTimeline {
  const hasChange = nodes.some(isJudgedChange);
  const judged = nodes.map((node) => ({ node, earning: earningOf(node, hasChange, rules) }));
  return { task, unitLines: rules.unitLines, judged, standing, links: linksOf(judged, index) };
}

/** Outcomes that earn and stand at a time, with their weighted lines. */
export function standingOutcomes(
  { judged, standing }: TaskTimeline,
  asOfMs: number,
): readonly {
  readonly node: OutcomeNode;
  readonly fromMs: number;
  readonly weightedLines: number;
}[] {
  return judged.flatMap(({ node, earning }) =>
    earning.kind === "earns" && earning.fromMs <= asOfMs && !isUndoneAt(standing, node, asOfMs)
      ? [{ node, fromMs: earning.fromMs, weightedLines: earning.weightedLines }]
      : [],
  );
}

/** Linear in lines up to one unit: below it, splitting gains nothing; above it, neither. */
export function creditOfLines(weightedLines: number, unitLines: number): number {
  return Math.round(MICRO_UNITS_PER_UNIT * Math.min(1, weightedLines / unitLines));
}

/** Credit of a task as known at a time, in millionths. */
export function creditAt(timeline: TaskTimeline, asOfMs: number): number {
  const lines = standingOutcomes(timeline, asOfMs).map(({ weightedLines }) => weightedLines);
  return creditOfLines(
    lines.reduce((a, b) => a + b, 0),
    timeline.unitLines,
  );
}

/** How a task's credit is split over session-days, as known at a time. */
export function sessionCreditsAt(timeline: TaskTimeline, asOfMs: number): readonly SessionCredit[] {
  const known = timeline.links.filter(({ sinceMs }) => sinceMs <= asOfMs);
  const explicit = known.filter(({ rule }) => rule !== "window-share");
  const chosen = explicit.length > 0 ? explicit : known;
  const costs = chosen.map(({ fact }) => fact.cost);
  const shares = splitExactly(MICRO_UNITS_PER_UNIT, costs);
  const credits = splitExactly(creditAt(timeline, asOfMs), costs);
  return chosen.map(({ fact: { user, session, day }, rule }, at) => ({
    user,
    session,
    day,
    rule,
    shareMillionths: shares[at] ?? 0,
    creditMicroUnits: credits[at] ?? 0,
  }));
}

function linksOf(judged: readonly JudgedOutcome[], index: SessionIndex): readonly SessionLink[] {
  const earning = judged.filter(({ earning: { kind } }) => kind === "earns");
  const shipping = judged.filter(
    ({ earning: e }) => e.kind === "nothing" && e.reason === "change-counted",
  );
  if (earning.length === 0) {
    return [];
  }
  const outcomes = earning.map(({ node }) => node.outcome);
  const explicit = explicitLinks([...outcomes, ...shipping.map(({ node }) => node.outcome)], index);
  const firstKnownMs = Math.min(...explicit.map(({ sinceMs }) => sinceMs));
  const isKnownAtOnce = outcomes.every(({ timeMs }) => firstKnownMs <= timeMs);
  return isKnownAtOnce ? explicit : [...explicit, ...windowShareLinks(outcomes, index)];
}
