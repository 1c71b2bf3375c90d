import type { OutcomeNode } from "./outcome-graph.ts";

/** From a time on, an outcome is undone (`true`) or stands. Before the first, it stands. */
export type StandingChange = { readonly fromMs: number; readonly undone: boolean };

/** When outcomes were undone, and when they were restored; of those that never were, nothing. */
export type Standing = ReadonlyMap<OutcomeNode, readonly StandingChange[]>;

/**
 * A revert undoes an outcome as long as the revert itself stands; a rollback, until the outcome is
 * deployed to production again.
 *
 * @param nodes In order of time, as `outcomeGraph` gives them.
 */
export function standingOf(nodes: readonly OutcomeNode[]): Standing {
  const standing = new Map<OutcomeNode, readonly StandingChange[]>();
  // Undoings are later than what they undo: from the back, all that a node needs is known.
  for (const node of nodes.toReversed()) {
    if (node.undoneBy.length > 0) {
      standing.set(node, changesOf(node, standing));
    }
  }
  return standing;
}

export function isUndoneAt(standing: Standing, node: OutcomeNode, asOfMs: number): boolean {
  return standing.get(node)?.findLast(({ fromMs }) => fromMs <= asOfMs)?.undone ?? false;
}

function changesOf(node: OutcomeNode, standing: Standing): readonly StandingChange[] {
  const times = new Set([
    ...node.undoneBy.map(({ outcome }) => outcome.timeMs),
    ...node.undoneBy.flatMap((by) => standing.get(by)?.map(({ fromMs }) => fromMs) ?? []),
    ...node.deployedBy.map(({ outcome }) => outcome.timeMs),
  ]);
  const changes: StandingChange[] = [];
  for (const fromMs of [...times].sort((a, b) => a - b)) {
    const deployed = node.deployedBy.findLast(({ outcome }) => outcome.timeMs <= fromMs);
    const undone = node.undoneBy.some(
      (by) =>
        by.outcome.timeMs <= fromMs &&
        !isUndoneAt(standing, by, fromMs) &&
        !(by.outcome.status === "rolled_back" && isLater(deployed, by)),
    );
    if (undone !== (changes.at(-1)?.undone ?? false)) {
      changes.push({ fromMs, undone });
    }
  }
  return changes;
}

function isLater(node: OutcomeNode | undefined, other: OutcomeNode): boolean {
  return node !== undefined && node.outcome.timeMs > other.outcome.timeMs;
}
