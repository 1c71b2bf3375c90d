import { MICRO_UNITS_PER_UNIT } from "./delivery-unit.ts";
import { type Earning, type EarningRules, earningOf, isJudgedChange } from "./earning.ts";
import type { OutcomeNode } from "./outcome-graph.ts";
import type { SessionIndex } from "./session-index.ts";
import { isUndoneAt, type Standing } from "./standing.ts";
import type { TaskGroup } from "./task-groups.ts";
import { type TaskLinks, taskLinks } from "./task-links.ts";

export type JudgedOutcome = { readonly node: OutcomeNode; readonly earning: Earning };

/** A task through time: what it was worth, and to which sessions, as known at any moment. */
export type TaskTimeline = {
  readonly task: string;
  readonly unitLines: number;
  readonly judged: readonly JudgedOutcome[];
  readonly standing: Standing;
  readonly links: TaskLinks;
};

export function taskTimeline(
  { task, nodes }: TaskGroup,
  rules: EarningRules,
  standing: Standing,
  index: SessionIndex,
): TaskTimeline {
  const hasChange = nodes.some(isJudgedChange);
  const judged = nodes.map((node) => ({ node, earning: earningOf(node, hasChange, rules) }));
  const outcomesOf = (isWanted: (earning: Earning) => boolean) =>
    judged.filter(({ earning }) => isWanted(earning)).map(({ node }) => node.outcome);
  const links = taskLinks(
    outcomesOf(({ kind }) => kind === "earns"),
    outcomesOf((earning) => earning.kind === "nothing" && earning.reason === "change-counted"),
    index,
  );
  return { task, unitLines: rules.unitLines, judged, standing, links };
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
