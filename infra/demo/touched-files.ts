import { randomStream } from "./random.ts";
import type { Change } from "./work.ts";

/** What a commit did to files, by their paths. */
export type TouchedFiles = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly string[];
};

const ADDED_SHARE = 0.2;
const REMOVED_SHARE = 0.05;
const FOLDERS = ["src/api", "src/model", "src/pages", "src/rules", "src/store", "test"] as const;
const FILES_IN_A_FOLDER = 40;

/** The files of a change, as many as it says; what undoes it touches the same ones, the other way round. */
export function touchedFiles(seed: number, change: Change): TouchedFiles {
  const { repository, number, files, reverts } = change;
  const made = filesOf(seed, `${repository}#${reverts?.number ?? number}`, files);
  return reverts === undefined ? made : { ...made, added: made.removed, removed: made.added };
}

function filesOf(seed: number, change: string, count: number): TouchedFiles {
  const random = randomStream(seed, `files ${change}`);
  const paths = new Set<string>();
  while (paths.size < count) {
    paths.add(`${random.pick(FOLDERS)}/part-${random.whole(1, FILES_IN_A_FOLDER)}.ts`);
  }
  const fates = [...paths].map((path) => ({ path, fate: random.unit() }));
  const between = (from: number, to: number) =>
    fates.filter(({ fate }) => fate >= from && fate < to).map(({ path }) => path);
  return {
    added: between(0, ADDED_SHARE),
    removed: between(ADDED_SHARE, ADDED_SHARE + REMOVED_SHARE),
    modified: between(ADDED_SHARE + REMOVED_SHARE, 1),
  };
}
