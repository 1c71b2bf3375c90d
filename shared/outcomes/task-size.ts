import { UNATTRIBUTED, type UserPseudonym } from "../usage/usage-event.ts";
import { countedLines } from "./change-size.ts";
import { isJudgedChange } from "./earning.ts";
import type { OutcomeNode } from "./outcome-graph.ts";

/** A whole task, to learn from: cutting it into small changes does not make it smaller. */
export type SizedTask = { readonly author: UserPseudonym; readonly lines: number };

export function sizedTask(nodes: readonly OutcomeNode[]): SizedTask {
  return { author: authorOf(nodes), lines: linesOfTask(nodes) };
}

/** Whose team a task belongs to: that of the person who brought its first change. */
export function authorOf(nodes: readonly OutcomeNode[]): UserPseudonym {
  return (nodes.find(isJudgedChange) ?? nodes[0])?.outcome.user ?? UNATTRIBUTED;
}

/**
 * Counted lines of all changes of a task.
 *
 * @param worthOf What one line of a person counts; 1 by default.
 */
export function linesOfTask(
  nodes: readonly OutcomeNode[],
  worthOf: (user: UserPseudonym) => number = () => 1,
): number {
  return nodes
    .filter(isJudgedChange)
    .map(({ outcome: { size, user } }) =>
      size === undefined ? 0 : countedLines(size) * worthOf(user),
    )
    .reduce((a, b) => a + b, 0);
}
