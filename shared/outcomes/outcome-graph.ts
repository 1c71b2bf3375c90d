import { compareText } from "../compare-text.ts";
import { UNATTRIBUTED, type UserPseudonym } from "../usage/usage-event.ts";
import { isUndoing, type OutcomeEvent } from "./outcome-event.ts";
import { type OutcomeIndex, outcomeIndex } from "./outcome-index.ts";
import {
  firstInProduction,
  isWithinSurvival,
  namedByIncident,
  undoneOutcomes,
} from "./undone-outcomes.ts";

/** An outcome among the others: what it undoes and ships, and what undoes and ships it. */
export type OutcomeNode = {
  readonly outcome: OutcomeEvent;
  /** Earlier outcomes that this one reverts, rolls back, or takes back as an incident. */
  undoes: OutcomeNode[];
  /** Incidents after all others. */
  undoneBy: OutcomeNode[];
  /** Changes that this deployment to production ships. */
  ships: OutcomeNode[];
  /** Successful deployments to production of this change, or later ones of this artifact. */
  deployedBy: OutcomeNode[];
  /** Reached production; only of successful deployments. */
  readonly inProduction: boolean;
  /**
   * An earlier change of the same person with a commit of this one, as in a stack of branches; not if
   * the two name different issues.
   */
  readonly builtOn: OutcomeNode | undefined;
  /** An earlier deployment brought the same artifact to production. */
  readonly redeploys: boolean;
  /** Another outcome with this id and status came earlier; of an incident, another with its key. */
  readonly repeated: boolean;
};

export type GraphInput = {
  readonly outcomes: readonly OutcomeEvent[];
  readonly personOf: (user: UserPseudonym) => UserPseudonym;
  /** Environments that reach customers; letter case does not matter. */
  readonly productionEnvironments: readonly string[];
  /** Days in production after which no incident takes a change back. */
  readonly survivalDays: number;
};

/** Deployments of one artifact that are asked which change it holds; the first ones know. */
const MOST_SHARED_NAMES = 20;

/**
 * Orders outcomes by time and id, gives each person one pseudonym, and links the outcomes. The
 * order of the input does not matter. A push is no outcome: it only tells of files.
 */
export function outcomeGraph(input: GraphInput): readonly OutcomeNode[] {
  const production = new Set(input.productionEnvironments.map((name) => name.toLowerCase()));
  const index = outcomeIndex<OutcomeNode>();
  const incidents = new Map<OutcomeNode, readonly OutcomeNode[]>();
  const nodes = input.outcomes
    .filter(({ kind }) => kind !== "push")
    .map((outcome) => {
      const user = input.personOf(outcome.user);
      return user === outcome.user ? outcome : { ...outcome, user };
    })
    .sort(byTimeAndId)
    .map((outcome) => {
      const node = unlinked(outcome, production, index);
      if (!node.repeated) {
        // Only what is in the index already can be undone: undoings never go in circles.
        if (outcome.kind === "incident" && outcome.reverts === undefined) {
          incidents.set(node, namedByIncident(outcome, index, production));
        } else {
          linkUndone(node, undoneOutcomes(outcome, index, production));
        }
        index.add(node);
      }
      return node;
    });
  for (const node of nodes.filter(({ inProduction, repeated }) => inProduction && !repeated)) {
    linkDeployment(node, index);
  }
  // Now it is known when each change was deployed.
  for (const [incident, named] of incidents) {
    const { survivalDays } = input;
    linkUndone(
      incident,
      named.filter((node) => isWithinSurvival(incident, node, survivalDays)),
    );
  }
  return nodes.filter((node) => !saysNothing(node));
}

/**
 * An issue tracker tells of every step of an issue: one that takes no resolution back is no news, and
 * neither is an incident that takes nothing.
 */
function saysNothing({ outcome: { kind, status, target }, undoes }: OutcomeNode): boolean {
  const isStep = kind === "issue_resolved" && target !== undefined && status === "rolled_back";
  return (isStep || kind === "incident") && undoes.length === 0;
}

type Relation = "undoes" | "undoneBy" | "ships" | "deployedBy";

/** Most outcomes are related to none: they share this list, which is never added to. */
const NONE: OutcomeNode[] = [];

function relate(node: OutcomeNode, relation: Relation, other: OutcomeNode): void {
  if (node[relation] === NONE) {
    node[relation] = [other];
  } else {
    node[relation].push(other);
  }
}

function unlinked(
  outcome: OutcomeEvent,
  production: ReadonlySet<string>,
  index: OutcomeIndex<OutcomeNode>,
): OutcomeNode {
  const { kind, environment = "" } = outcome;
  const succeeded = isDelivered(outcome);
  return {
    outcome,
    undoes: NONE,
    undoneBy: NONE,
    ships: NONE,
    deployedBy: NONE,
    builtOn: isDelivered(outcome) ? changeBelow(outcome, index) : undefined,
    redeploys: firstInProduction(outcome, index).length > 0,
    inProduction: succeeded && kind === "deployment" && production.has(environment.toLowerCase()),
    repeated: index.byId(outcome.id).some((other) => isSameReport(outcome, other.outcome)),
  };
}

/** Of outcomes with one id. An incident cannot be silenced by what another key sends under its id. */
function isSameReport(a: OutcomeEvent, b: OutcomeEvent): boolean {
  const isIncident = ({ kind }: OutcomeEvent) => kind === "incident";
  return a.status === b.status && a.sentBy === b.sentBy && isIncident(a) === isIncident(b);
}

function isDelivered(outcome: OutcomeEvent): boolean {
  return outcome.status === "succeeded" && !isUndoing(outcome);
}

function changeBelow(
  { kind, user, commits, task }: OutcomeEvent,
  index: OutcomeIndex<OutcomeNode>,
): OutcomeNode | undefined {
  const isBelow = ({ outcome }: OutcomeNode) =>
    outcome.kind === "change_merged" &&
    outcome.user === user &&
    isDelivered(outcome) &&
    (task === undefined || outcome.task === undefined || outcome.task === task);
  return kind === "change_merged" && user !== UNATTRIBUTED
    ? commits.flatMap(index.byCommit).find(isBelow)
    : undefined;
}

/** The order of outcomes in a graph. */
export function byTimeAndId(a: OutcomeEvent, b: OutcomeEvent): number {
  return a.timeMs - b.timeMs || compareText(a.id, b.id) || compareText(canonical(a), canonical(b));
}

/** Tells apart what has the same time and id, whatever the order of its fields. */
function canonical(outcome: OutcomeEvent): string {
  return JSON.stringify(Object.entries(outcome).sort(([a], [b]) => compareText(a, b)));
}

function linkUndone(node: OutcomeNode, targets: readonly OutcomeNode[]): void {
  for (const target of targets) {
    relate(node, "undoes", target);
    relate(target, "undoneBy", node);
  }
}

function linkDeployment(node: OutcomeNode, index: OutcomeIndex<OutcomeNode>): void {
  const same = index.sameArtifact(node.outcome);
  const ships = [node, ...same.slice(0, MOST_SHARED_NAMES)].flatMap((other) =>
    index.changesOf(other.outcome),
  );
  for (const shipped of new Set(ships)) {
    relate(node, "ships", shipped);
  }
  const first = firstInProduction(node.outcome, index).filter((other) => other !== node);
  for (const again of [...node.ships, ...first]) {
    relate(again, "deployedBy", node);
  }
}
