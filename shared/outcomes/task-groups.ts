import { DAY_MS, dayOf } from "../ledger/calendar.ts";
import { UNATTRIBUTED } from "../usage/usage-event.ts";
import { changesOfSameFiles, FILES_SPAN_MS } from "./changes-of-same-files.ts";
import type { FilesOf } from "./files-of-changes.ts";
import { isUndoing, type OutcomeEvent } from "./outcome-event.ts";
import type { OutcomeNode } from "./outcome-graph.ts";

/** Outcomes of one task, in order of time: changes of it earn one unit at most. */
export type TaskGroup = {
  /** What it was begun with: what owners were told of a task is found again by that outcome's name for it. */
  readonly first: OutcomeEvent;
  readonly nodes: readonly OutcomeNode[];
};

/**
 * Outcomes of one branch within this span are one task. A branch name that is used for years is
 * many tasks.
 */
const BRANCH_SPAN_MS = 7 * DAY_MS;
/** The same for changes of one author in one repository, if neither issue nor branch is known. */
const AUTHOR_SPAN_MS = 3 * DAY_MS;

/** Branch names that say nothing about a task: default branches, and GitHub's for edits on the web. */
const TASKLESS_BRANCH = /^(?:main|master|trunk|develop|development|head|(?:.*-)?patch-\d+)$/i;

/** False for the branches that everybody works on. */
export function namesATask(branch: string | undefined): branch is string {
  return branch !== undefined && !TASKLESS_BRANCH.test(branch);
}

/** A task as it is found, before it has its outcomes. */
type Task = {
  readonly first: OutcomeEvent;
  /** Of the outcomes of a task one issue at most is named. */
  issue: string | undefined;
  readonly nodes: OutcomeNode[];
};

/** Where an outcome belongs, and since when changes of the same files, one after the other, have led to it. */
type Place = { readonly task: Task; readonly filesFromMs: number };

/**
 * Puts every outcome into exactly one task: by issue key; else a change joins an earlier one of its author that
 * it shares a commit or its files with, unless the two name different issues; else by repository and branch;
 * else by author and repository within three days. A deployment joins the change that it ships, and an
 * undoing what it undoes.
 *
 * Where an outcome belongs depends on its files and on earlier outcomes alone: what is delivered later changes
 * nothing in what was known before. A push may tell of its files later.
 *
 * @param nodes In order of time.
 */
export function taskGroups(nodes: readonly OutcomeNode[], filesOf: FilesOf): readonly TaskGroup[] {
  const places = placesOf(
    nodes.filter((node) => homeOf(node) === node),
    filesOf,
  );
  for (const node of nodes) {
    places.get(homeOf(node))?.task.nodes.push(node);
  }
  return [...new Set([...places.values()].map(({ task }) => task))];
}

function homeOf(node: OutcomeNode): OutcomeNode {
  const [undone] = node.undoes;
  if (undone !== undefined) {
    return homeOf(undone);
  }
  return node.ships.find((change) => !isUndoing(change.outcome)) ?? node;
}

/** Where each outcome belongs that is its own home. */
function placesOf(
  homes: readonly OutcomeNode[],
  filesOf: FilesOf,
): ReadonlyMap<OutcomeNode, Place> {
  const places = new Map<OutcomeNode, Place>();
  const spans = new Map<string, { readonly task: Task; readonly fromMs: number }>();
  const ofSameFiles = changesOfSameFiles(filesOf);
  for (const node of homes) {
    const { timeMs } = node.outcome;
    const { key, spanMs, issue } = taskKeyOf(node.outcome);
    const span = spans.get(key);
    const known = span !== undefined && timeMs - span.fromMs < spanMs ? span.task : undefined;
    const linked = linkedPlace(node, ofSameFiles(node), places, issue);
    const own = { task: known ?? { first: node.outcome, issue, nodes: [] }, filesFromMs: timeMs };
    const place = issue === undefined ? (linked ?? own) : namedPlace(known, linked, own);
    if (known === undefined && (issue !== undefined || linked === undefined)) {
      spans.set(key, { task: place.task, fromMs: timeMs });
    }
    place.task.issue ??= issue;
    places.set(node, place);
  }
  return places;
}

/** An outcome that names an issue belongs to it; its first one may give a task that has none its issue. */
function namedPlace(known: Task | undefined, linked: Place | undefined, own: Place): Place {
  return known === undefined && linked !== undefined ? { ...own, task: linked.task } : own;
}

/** Where the change is that a change is built on, or else the first one of those of the same files. */
function linkedPlace(
  { builtOn, outcome: { timeMs } }: OutcomeNode,
  ofSameFiles: readonly OutcomeNode[],
  places: ReadonlyMap<OutcomeNode, Place>,
  issue: string | undefined,
): Place | undefined {
  const below = builtOn && places.get(builtOn);
  const same = ofSameFiles
    .flatMap((node) => places.get(node) ?? [])
    .filter(({ filesFromMs }) => timeMs - filesFromMs < FILES_SPAN_MS);
  return [...(below ? [{ ...below, filesFromMs: timeMs }] : []), ...same].find(
    ({ task }) => issue === undefined || task.issue === undefined,
  );
}

type TaskKey = {
  readonly key: string;
  readonly spanMs: number;
  /** The same as the key, if it names an issue. */
  readonly issue?: string;
};

function taskKeyOf(outcome: OutcomeEvent): TaskKey {
  const { id, user, repository = "", branch } = outcome;
  const issue = issueOf(outcome);
  if (issue !== undefined) {
    // A bare number is an issue of its repository; `WEB-77` is the same issue everywhere.
    const scope = /^#?\d+$/.test(issue) ? repository : "";
    const key = JSON.stringify(["task", scope, issue]);
    return { key, spanMs: Infinity, issue: key };
  }
  if (namesATask(branch)) {
    return { key: JSON.stringify(["branch", repository, branch]), spanMs: BRANCH_SPAN_MS };
  }
  if (isTaskOfItsOwn(outcome)) {
    return { key: JSON.stringify(["outcome", id]), spanMs: Infinity };
  }
  return { key: JSON.stringify(["author", repository, user]), spanMs: AUTHOR_SPAN_MS };
}

/** What a task is called: its issue, or else where its first outcome came from. */
export function taskName(first: OutcomeEvent): string {
  const { id, repository = "", branch } = first;
  const issue = issueOf(first);
  if (issue !== undefined) {
    return issue;
  }
  if (namesATask(branch)) {
    return repository === "" ? branch : `${repository} ${branch}`;
  }
  return isTaskOfItsOwn(first)
    ? id
    : `${repository === "" ? id : repository} ${dayOf(first.timeMs)}`;
}

function issueOf({ kind, id, task }: OutcomeEvent): string | undefined {
  return task ?? (kind === "issue_resolved" ? id : undefined);
}

function isTaskOfItsOwn({ kind, user }: OutcomeEvent): boolean {
  return kind === "use_case" || user === UNATTRIBUTED;
}
