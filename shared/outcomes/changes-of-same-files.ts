import { DAY_MS } from "../ledger/calendar.ts";
import { UNATTRIBUTED } from "../usage/usage-event.ts";
import { touchSameFiles } from "./changed-files.ts";
import { isJudgedChange } from "./earning.ts";
import type { FilesOf } from "./files-of-changes.ts";
import type { OutcomeNode } from "./outcome-graph.ts";

/** Changes of one author to the same files are one task within this time. */
export const FILES_SPAN_MS = 3 * DAY_MS;

/** Of an author's changes in a repository within the span, those that a change is compared with: the latest. */
const MOST_COMPARED = 100;

type KnownChange = { readonly node: OutcomeNode; readonly files: readonly string[] };

/**
 * Finds the changes of the same author in the same repository that touch the same files as a change and were
 * delivered in the three days before it, in order of time.
 *
 * @returns a function that is to be asked about outcomes in order of time, each once.
 */
export function changesOfSameFiles(
  filesOf: FilesOf,
): (node: OutcomeNode) => readonly OutcomeNode[] {
  const byAuthor = new Map<string, readonly KnownChange[]>();
  return (node) => {
    const { user, repository, timeMs } = node.outcome;
    const files = isJudgedChange(node) ? filesOf(node.outcome) : [];
    if (files.length === 0 || user === UNATTRIBUTED || repository === undefined) {
      return [];
    }
    const author = JSON.stringify([repository, user]);
    const recent = (byAuthor.get(author) ?? []).filter(
      (known) => timeMs - known.node.outcome.timeMs < FILES_SPAN_MS,
    );
    byAuthor.set(author, [...recent, { node, files }].slice(-MOST_COMPARED));
    return recent.filter((known) => touchSameFiles(known.files, files)).map((known) => known.node);
  };
}
