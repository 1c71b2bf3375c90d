import type { OutcomeNode } from "./outcome-graph.ts";

/**
 * Whether an outcome counts: it stands, was reverted or rolled back, or was taken back by an incident (and
 * maybe reverted, too).
 */
export type StandingState = "stands" | "undone" | "undone-by-incident";

/** The state of an outcome from a time on. Before the first, it stands. */
export type StandingChange = { readonly fromMs: number; readonly state: StandingState };

/** When outcomes were undone, and when they were restored; of those that never were, nothing. */
export type Standing = ReadonlyMap<OutcomeNode, readonly StandingChange[]>;

/**
 * A revert or an incident undoes an outcome as long as it stands itself; a rollback, until the outcome is
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

export function standingAt(standing: Standing, node: OutcomeNode, asOfMs: number): StandingState {
  return standing.get(node)?.findLast(({ fromMs }) => fromMs <= asOfMs)?.state ?? "stands";
}

export function isUndoneAt(standing: Standing, node: OutcomeNode, asOfMs: number): boolean {
  return standingAt(standing, node, asOfMs) !== "stands";
}

function changesOf(node: OutcomeNode, standing: Standing): readonly StandingChange[] {
  const times = new Set([
    ...node.undoneBy.map(({ outcome }) => outcome.timeMs),
    ...node.undoneBy.flatMap((by) => standing.get(by)?.map(({ fromMs }) => fromMs) ?? []),
    ...node.deployedBy.map(({ outcome }) => outcome.timeMs),
  ]);
  const changes: StandingChange[] = [];
  for (const fromMs of [...times].sort((a, b) => a - b)) {
    const state = stateAt(node, standing, fromMs);
    if (state !== (changes.at(-1)?.state ?? "stands")) {
      changes.push({ fromMs, state });
    }
  }
  return changes;
}

function stateAt(node: OutcomeNode, standing: Standing, asOfMs: number): StandingState {
  const deployed = node.deployedBy.findLast(({ outcome }) => outcome.timeMs <= asOfMs);
  const undoneBy = node.undoneBy.filter(
    (by) =>
      by.outcome.timeMs <= asOfMs &&
      !isUndoneAt(standing, by, asOfMs) &&
      // What is live again after a rollback delivers again; what an incident named does not.
      !(by.outcome.status === "rolled_back" && isLater(deployed, by)),
  );
  if (undoneBy.length === 0) {
    return "stands";
  }
  const hasIncident = undoneBy.some(({ outcome }) => outcome.kind === "incident");
  return hasIncident ? "undone-by-incident" : "undone";
}

function isLater(node: OutcomeNode | undefined, other: OutcomeNode): boolean {
  return node !== undefined && node.outcome.timeMs > other.outcome.timeMs;
}
