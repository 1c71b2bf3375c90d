import type { UserPseudonym } from "../usage/usage-event.ts";
import { countedLines, LARGEST_CHANGE_UNITS } from "./change-size.ts";
import type { NotCountedReason } from "./delivery-unit.ts";
import type { FullUnitLines } from "./full-unit-lines.ts";
import { isUndoing, type OutcomeEvent, type OutcomeKind } from "./outcome-event.ts";
import type { OutcomeNode } from "./outcome-graph.ts";

/** What one delivered unit is for a team; see `Team.deliveryUnit`. */
export type UnitKind = "deployment" | "shipped-change" | "resolved-issue" | "use-case";

/** What an outcome can earn, before it is known whether it was undone. */
export type Earning =
  | {
      readonly kind: "earns";
      readonly fromMs: number;
      /**
       * Lines times the weight of the outcome, on the scale of its task's {@link JudgedTask.unitLines};
       * may have a fraction.
       */
      readonly weightedLines: number;
      /** Units that a registered use case earns; absent for everything else. */
      readonly useCaseWeight?: number;
    }
  | { readonly kind: "nothing"; readonly reason: NotCountedReason };

const EARNING_KINDS: Record<UnitKind, readonly OutcomeKind[]> = {
  "shipped-change": ["change_merged", "deployment", "issue_resolved", "use_case"],
  deployment: ["change_merged", "deployment"],
  "resolved-issue": ["issue_resolved"],
  "use-case": ["use_case"],
};

/** A deployment that no known change explains may be anything. */
const UNLINKED_DEPLOYMENT_WEIGHT = 0.5;

/** By the registered use case, the units that one delivered piece of it earns: more than 0. */
export type UseCaseWeights = ReadonlyMap<string, number>;

/** How outcomes of one task are judged. */
export type EarningRules = {
  /** Lines that earn a full unit in a person's change. */
  readonly unitLinesOf: FullUnitLines;
  readonly unitOf: (user: UserPseudonym) => UnitKind;
  /** Units that one piece of each registered use case earns. If none is registered, each earns one. */
  readonly useCaseWeights: UseCaseWeights;
  /** When a repository was first deployed to production at or after a time. */
  readonly deployedSince: (repository: string, sinceMs: number) => number | undefined;
};

/** What the earnings of a task have in common. */
export type JudgedTask = {
  readonly hasChange: boolean;
  /** Lines that earn a full unit of it. */
  readonly unitLines: number;
};

/** What a node of a task earns by itself. */
export function earningOf(node: OutcomeNode, task: JudgedTask, rules: EarningRules): Earning {
  const { unitOf, useCaseWeights, deployedSince } = rules;
  const { outcome } = node;
  const unit = unitOf(outcome.user);
  const reason = barred(node, unit);
  if (reason !== undefined) {
    return { kind: "nothing", reason };
  }
  if (outcome.kind === "use_case") {
    return useCaseEarning(outcome, useCaseWeights, task.unitLines);
  }
  if (outcome.kind === "deployment") {
    return deploymentEarning(node, task);
  }
  const fromMs = unit === "deployment" ? deployedFromMs(node, deployedSince) : outcome.timeMs;
  return fromMs === undefined
    ? { kind: "nothing", reason: "not-deployed-yet" }
    : { kind: "earns", fromMs, weightedLines: linesOf(outcome, task.unitLines, rules) };
}

/**
 * What one line of a person counts in a task: in a task of several teams each line by that of its
 * author's team, so that nobody's line grows by whose task it is in. 1 in a task of one team.
 */
export function worthOfLine(unitLines: number, unitLinesOf: FullUnitLines) {
  return (user: UserPseudonym) => unitLines / unitLinesOf(user);
}

/** True of a change that is judged by its lines: a deployment of it adds nothing. */
export function isJudgedChange({ outcome, repeated }: OutcomeNode): boolean {
  const isChange = outcome.kind === "change_merged" && outcome.status === "succeeded";
  return isChange && !repeated && !isUndoing(outcome);
}

function barred({ outcome, repeated }: OutcomeNode, unit: UnitKind): NotCountedReason | undefined {
  if (outcome.status === "failed") {
    return "failed";
  }
  if (repeated) {
    return "same-outcome";
  }
  if (isUndoing(outcome)) {
    return outcome.kind === "incident" ? "incident" : "undoing";
  }
  if (outcome.size !== undefined && countedLines(outcome.size) === 0) {
    return "no-op";
  }
  return EARNING_KINDS[unit].includes(outcome.kind) ? undefined : "other-unit";
}

function deploymentEarning(node: OutcomeNode, { hasChange, unitLines }: JudgedTask): Earning {
  if (!node.inProduction) {
    return { kind: "nothing", reason: "not-production" };
  }
  if (node.redeploys) {
    return { kind: "nothing", reason: "same-artifact" };
  }
  return node.ships.length > 0 || hasChange
    ? { kind: "nothing", reason: "change-counted" }
    : {
        kind: "earns",
        fromMs: node.outcome.timeMs,
        weightedLines: UNLINKED_DEPLOYMENT_WEIGHT * unitLines,
      };
}

/** Without a registry every use case is worth a unit; with one, those that are in it their weight. */
function useCaseEarning(
  { timeMs, useCase }: OutcomeEvent,
  weights: UseCaseWeights,
  unitLines: number,
): Earning {
  if (weights.size === 0) {
    return { kind: "earns", fromMs: timeMs, weightedLines: unitLines };
  }
  const useCaseWeight = useCase === undefined ? undefined : weights.get(useCase);
  return useCaseWeight === undefined
    ? { kind: "nothing", reason: "use-case-not-registered" }
    : { kind: "earns", fromMs: timeMs, weightedLines: useCaseWeight * unitLines, useCaseWeight };
}

/**
 * A deployment names one commit, yet ships all that was merged before it: without a link of its own,
 * a change is in production with the next deployment of its repository.
 */
function deployedFromMs(
  { outcome: { timeMs, repository }, deployedBy }: OutcomeNode,
  deployedSince: EarningRules["deployedSince"],
): number | undefined {
  const [first] = deployedBy;
  if (first !== undefined) {
    return Math.max(timeMs, first.outcome.timeMs);
  }
  return repository === undefined ? undefined : deployedSince(repository, timeMs);
}

/** Work without a size, such as a resolved issue, earns a full unit. */
function linesOf(
  { kind, size, user }: OutcomeEvent,
  unitLines: number,
  { unitLinesOf }: EarningRules,
): number {
  if (kind !== "change_merged" || size === undefined) {
    return unitLines;
  }
  const lines = countedLines(size) * worthOfLine(unitLines, unitLinesOf)(user);
  return Math.min(lines, LARGEST_CHANGE_UNITS * unitLines);
}
