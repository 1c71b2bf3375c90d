import { DAY_MS } from "../ledger/calendar.ts";
import { isUndoing, type OutcomeEvent } from "./outcome-event.ts";
import type { OutcomeNode } from "./outcome-graph.ts";
import type { OutcomeIndex } from "./outcome-index.ts";

/** What a revert, a rollback or the withdrawal of an incident takes back, of what came before it. */
export function undoneOutcomes(
  outcome: OutcomeEvent,
  index: OutcomeIndex<OutcomeNode>,
  production: ReadonlySet<string>,
): readonly OutcomeNode[] {
  const { kind, reverts, sentBy, status, environment } = outcome;
  if (status === "failed") {
    return [];
  }
  const isIncident = (node: OutcomeNode) => node.outcome.kind === "incident";
  if (kind === "incident") {
    // It was a false alarm, says who reported it: nobody else, and no more than that.
    return index
      .byId(reverts ?? "")
      .filter((node) => isIncident(node) && node.outcome.sentBy === sentBy);
  }
  if (reverts !== undefined) {
    const named = index.byId(reverts).filter((node) => !isIncident(node));
    return withWhatItCarries(named.length > 0 ? named : index.byCommit(reverts), index);
  }
  const isElsewhere = environment !== undefined && !production.has(environment.toLowerCase());
  return status === "rolled_back" && !isElsewhere
    ? withWhatItCarries(rolledBack(outcome, index), index)
    : [];
}

/** What a rollback names, by the most exact of the names that lead anywhere. */
function rolledBack(
  outcome: OutcomeEvent,
  index: OutcomeIndex<OutcomeNode>,
): readonly OutcomeNode[] {
  const candidates = [
    index.byId(outcome.id),
    outcome.change === undefined ? [] : index.byId(outcome.change),
    // Whoever names a target may name as artifact what is live again: it is not to be undone.
    ...(outcome.target === undefined
      ? [firstInProduction(outcome, index), outcome.commits.flatMap(index.byCommit)]
      : [rolledBackOf(outcome, index)]),
  ].map((nodes) => nodes.filter((node) => !isUndoing(node.outcome)));
  return candidates.find((nodes) => nodes.length > 0) ?? [];
}

/**
 * What a rollback takes back of its target. Of a service, it names the artifact that it went back
 * to, or the one that it took away, which is then the latest.
 */
function rolledBackOf(
  outcome: OutcomeEvent,
  index: OutcomeIndex<OutcomeNode>,
): readonly OutcomeNode[] {
  const earlier = index.sameTarget(outcome);
  if (outcome.kind !== "deployment") {
    return earlier;
  }
  const deployed = earlier.filter(({ inProduction }) => inProduction);
  const named = new Set(index.sameArtifact(outcome));
  const liveAgain = deployed.findLastIndex((node) => named.has(node));
  const isLatest = liveAgain === deployed.length - 1;
  return liveAgain === -1 || isLatest ? deployed.slice(-1) : deployed.slice(liveAgain + 1);
}

/**
 * Undoing a deployment undoes what its artifact earned before, and the changes that it ships.
 * Undoing an undoing undoes every report of it: a code host tells of one revert by its pull request
 * and by its commit.
 */
function withWhatItCarries(
  targets: readonly OutcomeNode[],
  index: OutcomeIndex<OutcomeNode>,
): readonly OutcomeNode[] {
  const deployments = targets
    .filter((node) => node.outcome.kind === "deployment" && !isUndoing(node.outcome))
    .flatMap((node) => [node, ...firstInProduction(node.outcome, index)]);
  const changes = deployments
    .flatMap((node) => index.changesOf(node.outcome))
    .filter((node) => !isUndoing(node.outcome));
  const reports = targets
    .filter((node) => isUndoing(node.outcome))
    .flatMap((node) => node.outcome.commits.flatMap(index.byCommit))
    .filter((node) => isUndoing(node.outcome));
  return [...new Set([...targets, ...deployments, ...changes, ...reports])];
}

/** Only the first deployment of an artifact delivers something, so only that one can lose it. */
export function firstInProduction(
  deployment: OutcomeEvent,
  index: OutcomeIndex<OutcomeNode>,
): readonly OutcomeNode[] {
  return index
    .sameArtifact(deployment)
    .filter((node) => node.inProduction)
    .slice(0, 1);
}

/**
 * What an incident in production names, by the most exact of the names that lead anywhere: the change, the
 * commit, the artifact. An incident that names none takes nothing: that something was deployed shortly
 * before proves nothing.
 */
export function namedByIncident(
  incident: OutcomeEvent,
  index: OutcomeIndex<OutcomeNode>,
  production: ReadonlySet<string>,
): readonly OutcomeNode[] {
  const { change, commits, status, environment = "" } = incident;
  if (status !== "succeeded" || !production.has(environment.toLowerCase())) {
    return [];
  }
  const candidates = [
    change === undefined ? [] : index.byId(change),
    commits.flatMap(index.byCommit),
    carriedBy(incident, index),
  ].map((nodes) => nodes.filter(({ outcome }) => canCauseIncidents(outcome)));
  const named = candidates.find((nodes) => nodes.length > 0) ?? [];
  return withWhatItCarries(named, index);
}

/** An artifact may be deployed without a word on its changes, and again with them. */
function carriedBy(
  incident: OutcomeEvent,
  index: OutcomeIndex<OutcomeNode>,
): readonly OutcomeNode[] {
  const deployed = index.sameArtifact(incident).filter(({ inProduction }) => inProduction);
  const changes = deployed.flatMap(({ outcome }) => index.changesOf(outcome));
  return [...deployed.slice(0, 1), ...changes];
}

function canCauseIncidents(outcome: OutcomeEvent): boolean {
  const isShipped = outcome.kind === "change_merged" || outcome.kind === "deployment";
  return isShipped && !isUndoing(outcome);
}

/** Whether an incident came before the work had stood in production for so many days. */
export function isWithinSurvival(
  { outcome: incident }: OutcomeNode,
  { outcome, deployedBy: [first] }: OutcomeNode,
  survivalDays: number,
): boolean {
  const wasDeployed =
    outcome.kind === "change_merged" && first && first.outcome.timeMs <= incident.timeMs;
  const sinceMs = wasDeployed ? Math.max(outcome.timeMs, first.outcome.timeMs) : outcome.timeMs;
  return incident.timeMs - sinceMs <= survivalDays * DAY_MS;
}
