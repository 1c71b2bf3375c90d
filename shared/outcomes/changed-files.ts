import { compareText } from "../compare-text.ts";
import type { Pseudonymise } from "../ports/pseudonyms.ts";

/** Hashes that are kept of the files of a change or of one commit: of more files, the smallest. */
export const MOST_FILES = 64;

/** Of the change with fewer files, this share has to be in the other one too. */
const LEAST_SHARE = 0.5;

/** Folders of vendored and generated files. */
const COMMON_FOLDER =
  /(?:^|\/)(?:vendor|third_party|node_modules|Pods|dist|generated|__generated__|__snapshots__)\//;

/** Files that changes touch which have nothing else in common, by their names. */
const COMMON_NAMES: readonly RegExp[] = [
  // Lock files: package-lock.json, yarn.lock, gradle.lockfile, .terraform.lock.hcl.
  /(?:^|[.-])lock(?:\.json|\.ya?ml|\.hcl)?$/i,
  /^(?:go\.sum|bun\.lockb|npm-shrinkwrap\.json|gradle\.lockfile)$/i,
  // Manifests.
  /^(?:package|composer|deno)\.jsonc?$/i,
  /^(?:cargo|pyproject|libs\.versions)\.toml$/i,
  /^(?:go\.mod|go\.work|pom\.xml|gemfile|pipfile|podfile|setup\.(?:py|cfg)|mix\.exs|pubspec\.yaml)$/i,
  /^(?:build|settings)\.gradle(?:\.kts)?$/i,
  /^(?:requirements[\w.-]*\.txt|package\.swift)$/i,
  /\.(?:csproj|fsproj|vbproj|sln|gemspec)$/i,
  // Changelogs and version files.
  /^(?:changelog|changes|history|news|release[-_]?notes|version)(?:\.(?:md|rst|txt|adoc))?$/i,
  // Generated files.
  /\.(?:min\.js|min\.css|map|snap|pb\.go|g\.dart|designer\.cs)$/i,
  /(?:_pb2(?:_grpc)?\.pyi?|[._-]generated\.\w{1,10})$/i,
];

/** Whether a file says what a change is about: lock files, manifests, changelogs and generated files do not. */
export function isTellingFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (
    name !== "" && !COMMON_FOLDER.test(path) && !COMMON_NAMES.some((common) => common.test(name))
  );
}

/**
 * What is kept of the files that a change touches: keyed hashes of repository and path, so that no one
 * without the key can test a guess, sorted, {@link MOST_FILES} at most.
 */
export function fileHashes(
  repository: string,
  paths: readonly string[],
  hash: Pseudonymise,
): readonly string[] {
  const telling = paths.filter(isTellingFile);
  return smallestHashes(telling.map((path) => hash(JSON.stringify(["file", repository, path]))));
}

/**
 * A bottom-k sketch: the smallest of some hashes are a random sample of the files, and of each set the same one.
 *
 * @see https://cris.tau.ac.il/en/publications/summarizing-data-using-bottom-k-sketches
 */
export function smallestHashes(hashes: readonly string[]): readonly string[] {
  return [...new Set(hashes)].sort(compareText).slice(0, MOST_FILES);
}

/**
 * Whether two changes touch the same files: half of the files of the one with fewer at least (their overlap
 * coefficient). Of the smaller,
 * so that a change is not parted from its follow-up by whatever else either touches; half, so that one
 * file that everybody has to touch, beside two of its own, joins nothing.
 *
 * @param a As {@link smallestHashes} gives them, as `b`. Of more files than are kept, those that both samples would hold are compared.
 */
export function touchSameFiles(a: readonly string[], b: readonly string[]): boolean {
  const ends = [a, b].flatMap((files) => (files.length < MOST_FILES ? [] : files.slice(-1)));
  const [limit] = ends.sort(compareText);
  const comparable = (files: readonly string[]) =>
    limit === undefined ? files.length : files.filter((file) => file <= limit).length;
  const common = countCommon(a, b);
  return common > 0 && common >= LEAST_SHARE * Math.min(comparable(a), comparable(b));
}

/** Both are sorted. */
function countCommon(a: readonly string[], b: readonly string[]): number {
  let common = 0;
  let at = 0;
  for (const file of a) {
    while ((b[at] ?? file) < file) {
      at += 1;
    }
    common += b[at] === file ? 1 : 0;
  }
  return common;
}
