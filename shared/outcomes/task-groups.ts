import { DAY_MS, dayOf } from "../ledger/calendar.ts";
import { UNATTRIBUTED } from "../usage/usage-event.ts";
import { isUndoing, type OutcomeEvent } from "./outcome-event.ts";
import type { OutcomeNode } from "./outcome-graph.ts";
import { pushTo } from "./outcome-index.ts";

/** Outcomes of one task, in order of time: changes of it earn one unit at most. */
export type TaskGroup = { readonly task: string; readonly nodes: readonly OutcomeNode[] };

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

/**
 * Puts every outcome into exactly one task: by issue key, else by repository and branch, else by
 * author and repository within three days. A deployment joins the change that it ships, an undoing
 * what it undoes, and a change the earlier one of its author that it shares a commit with.
 *
 * @param nodes In order of time.
 */
export function taskGroups(nodes: readonly OutcomeNode[]): readonly TaskGroup[] {
  const homes = new Map(nodes.map((node) => [node, homeOf(node)]));
  const byTask = new Map<string, OutcomeNode[]>();
  for (const home of nodes.filter((node) => homes.get(node) === node)) {
    pushTo(byTask, taskKey(home.outcome).key, home);
  }
  const groups = [...byTask.values()].flatMap(spans).map((own) => ({ own, all: [...own] }));
  const groupOf = new Map(groups.flatMap((group) => group.own.map((node) => [node, group])));
  for (const [node, home] of homes) {
    if (node !== home) {
      groupOf.get(home)?.all.push(node);
    }
  }
  const position = new Map(nodes.map((node, index) => [node, index]));
  const inTime = (a: OutcomeNode, b: OutcomeNode) =>
    (position.get(a) ?? 0) - (position.get(b) ?? 0);
  return groups.flatMap(({ own: [first], all }) =>
    first === undefined
      ? []
      : [{ task: taskKey(first.outcome).label, nodes: all.toSorted(inTime) }],
  );
}

function homeOf(node: OutcomeNode): OutcomeNode {
  const [undone] = node.undoes;
  if (undone !== undefined) {
    return homeOf(undone);
  }
  const shipped = node.ships.find((change) => !isUndoing(change.outcome)) ?? node;
  return shipped.builtOn === undefined ? shipped : homeOf(shipped.builtOn);
}

type TaskKey = { readonly key: string; readonly label: string; readonly spanMs: number };

function taskKey(outcome: OutcomeEvent): TaskKey {
  const { kind, id, user, repository = "", branch } = outcome;
  const task = outcome.task ?? (kind === "issue_resolved" ? id : undefined);
  if (task !== undefined) {
    // A bare number is an issue of its repository; `WEB-77` is the same issue everywhere.
    const scope = /^#?\d+$/.test(task) ? repository : "";
    return { key: JSON.stringify(["task", scope, task]), label: task, spanMs: Infinity };
  }
  if (namesATask(branch)) {
    const label = repository === "" ? branch : `${repository} ${branch}`;
    return {
      key: JSON.stringify(["branch", repository, branch]),
      label,
      spanMs: BRANCH_SPAN_MS,
    };
  }
  if (kind === "use_case" || user === UNATTRIBUTED) {
    return { key: JSON.stringify(["outcome", id]), label: id, spanMs: Infinity };
  }
  const label = `${repository === "" ? id : repository} ${dayOf(outcome.timeMs)}`;
  return { key: JSON.stringify(["author", repository, user]), label, spanMs: AUTHOR_SPAN_MS };
}

/** Cuts a task that is only near in time into spans, each counted from its first outcome. */
function spans(nodes: readonly OutcomeNode[]): readonly OutcomeNode[][] {
  const cut: OutcomeNode[][] = [];
  for (const node of nodes) {
    const current = cut.at(-1);
    const [first] = current ?? [];
    const spanMs = taskKey(node.outcome).spanMs;
    if (first !== undefined && node.outcome.timeMs - first.outcome.timeMs < spanMs) {
      current?.push(node);
    } else {
      cut.push([node]);
    }
  }
  return cut;
}
