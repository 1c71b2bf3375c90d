import { MICRO_UNITS_PER_UNIT } from "./delivery-unit.ts";
import {
  type Earning,
  type EarningRules,
  earningOf,
  isJudgedChange,
  worthOfLine,
} from "./earning.ts";
import { type KeptLinks, NO_LINKS } from "./kept-links.ts";
import type { OutcomeEvent } from "./outcome-event.ts";
import type { OutcomeNode } from "./outcome-graph.ts";
import type { SessionIndex } from "./session-index.ts";
import { isUndoneAt, type Standing } from "./standing.ts";
import type { TaskGroup } from "./task-groups.ts";
import { taskLinks } from "./task-links.ts";
import { authorOf, linesOfTask } from "./task-size.ts";

export type JudgedOutcome = {
  readonly node: OutcomeNode;
  readonly earning: Earning;
  /** Where the timeline's {@link TaskTimeline.links} have those of the outcome. */
  readonly linksAt: number;
};

/** A task through time: what it was worth, and to which sessions, as known at any moment. */
export type TaskTimeline = {
  /** The outcome that it began with, which it is called by. */
  readonly first: OutcomeEvent;
  /** Lines that earn a full unit of it. */
  readonly unitLines: number;
  /** Counted lines of all its changes, on the same scale. */
  readonly lines: number;
  readonly judged: readonly JudgedOutcome[];
  readonly standing: Standing;
  /** Of all tasks. */
  readonly links: KeptLinks;
};

/** An outcome that earns from a time on. */
export type EarningOutcome = JudgedOutcome & {
  readonly earning: Extract<Earning, { readonly kind: "earns" }>;
};

/** What all tasks have in common. */
export type Known = {
  readonly standing: Standing;
  readonly index: SessionIndex;
  /** Grows by the links of each task. */
  readonly kept: KeptLinks;
};

export function taskTimeline(
  { first, nodes }: TaskGroup,
  rules: EarningRules,
  { standing, index, kept }: Known,
): TaskTimeline {
  const unitLines = rules.unitLinesOf(authorOf(nodes));
  const judgedTask = { hasChange: nodes.some(isJudgedChange), unitLines };
  const earnings = nodes.map((node) => ({ node, earning: earningOf(node, judgedTask, rules) }));
  const outcomesOf = (isWanted: (earning: Earning) => boolean) =>
    earnings.filter(({ earning }) => isWanted(earning)).map(({ node }) => node.outcome);
  const tiers = taskLinks(
    outcomesOf(({ kind }) => kind === "earns"),
    outcomesOf((earning) => earning.kind === "nothing" && earning.reason === "change-counted"),
    index,
  ).values();
  const judged = earnings.map(({ node, earning }) => ({
    node,
    earning,
    linksAt: earning.kind === "earns" ? kept.keep(tiers.next().value ?? []) : NO_LINKS,
  }));
  const lines = linesOfTask(nodes, worthOfLine(unitLines, rules.unitLinesOf));
  return { first, unitLines, lines, judged, standing, links: kept };
}

/** Outcomes that earn at a time, undone or not. */
export function deliveredOutcomes(
  { judged }: TaskTimeline,
  asOfMs: number,
): readonly EarningOutcome[] {
  return judged.filter((outcome) => earnsAt(outcome, asOfMs));
}

/** Outcomes that earn and stand at a time. */
export function standingOutcomes(
  timeline: TaskTimeline,
  asOfMs: number,
): readonly EarningOutcome[] {
  const { judged, standing } = timeline;
  const stands = (outcome: JudgedOutcome): outcome is EarningOutcome =>
    earnsAt(outcome, asOfMs) && !isUndoneAt(standing, outcome.node, asOfMs);
  return judged.filter(stands);
}

function earnsAt(outcome: JudgedOutcome, asOfMs: number): outcome is EarningOutcome {
  return outcome.earning.kind === "earns" && outcome.earning.fromMs <= asOfMs;
}

/**
 * Linear in lines up to the most that a task may come to: below it, splitting gains nothing; above it,
 * neither.
 *
 * @returns whole millionths of a unit.
 */
export function creditOfLines(weightedLines: number, unitLines: number, mostUnits: number): number {
  return Math.round(MICRO_UNITS_PER_UNIT * Math.min(mostUnits, weightedLines / unitLines));
}

/** Units that a task may come to: one, or the weight of its heaviest use case if that is more. */
export function mostUnitsOf(outcomes: readonly Pick<EarningOutcome, "earning">[]): number {
  return outcomes.reduce(
    (most, { earning: { useCaseWeight = 1 } }) => Math.max(most, useCaseWeight),
    1,
  );
}

/** Credit of a task for the outcomes that stand, in millionths. */
export function creditOf(
  standing: readonly Pick<EarningOutcome, "earning">[],
  { unitLines }: Pick<TaskTimeline, "unitLines">,
): number {
  const lines = standing.reduce((sum, { earning }) => sum + earning.weightedLines, 0);
  return creditOfLines(lines, unitLines, mostUnitsOf(standing));
}
