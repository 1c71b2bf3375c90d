import { smallestHashes } from "./changed-files.ts";
import { isUndoing, type OutcomeEvent } from "./outcome-event.ts";
import { commitKey, isSameCommit, pushTo } from "./outcome-index.ts";

/** Hashes of the files that a change touches, sorted; empty if they are not known. */
export type FilesOf = (change: OutcomeEvent) => readonly string[];

/** A pushed commit, behind the one that was pushed before it in the same push. */
type PushedPlace = {
  readonly commit: string;
  readonly files: readonly string[];
  readonly before: PushedPlace | undefined;
  /** A change ends here: what is pushed before it is not of the next one. */
  endsChange: boolean;
};

/**
 * Joins changes to the files of what was pushed: a merge pushes the commits of its change and ends with one
 * that the change names. The files that a change names itself are its own as well.
 *
 * @param outcomes In any order; pushes may have come before or after the changes.
 */
export function filesOfChanges(outcomes: readonly OutcomeEvent[]): FilesOf {
  const places = placesByCommit(outcomes);
  const placesOf = ({ commits }: OutcomeEvent) =>
    commits.flatMap((commit) =>
      (places.get(commitKey(commit)) ?? []).filter((place) => isSameCommit(commit, place.commit)),
    );
  for (const outcome of outcomes.filter(({ kind }) => kind === "change_merged")) {
    // A commit that reverts another one may be in the midst of a change.
    for (const place of isUndoing(outcome) ? [] : placesOf(outcome)) {
      place.endsChange = true;
    }
  }
  return (change) =>
    smallestHashes([...(change.files ?? []), ...placesOf(change).flatMap(filesUpTo)]);
}

function placesByCommit(
  outcomes: readonly OutcomeEvent[],
): ReadonlyMap<string, readonly PushedPlace[]> {
  const places = new Map<string, PushedPlace[]>();
  for (const { pushed = [] } of outcomes) {
    let before: PushedPlace | undefined;
    for (const { commit, files } of pushed) {
      before = { commit, files, before, endsChange: false };
      pushTo(places, commitKey(commit), before);
    }
  }
  return places;
}

function filesUpTo(last: PushedPlace): readonly string[] {
  const files = [...last.files];
  for (let place = last.before; place && !place.endsChange; place = place.before) {
    files.push(...place.files);
  }
  return files;
}
