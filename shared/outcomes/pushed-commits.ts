import * as z from "zod";
import { isTellingFile } from "./changed-files.ts";
import { CommitHash, GithubTime } from "./github-fields.ts";
import type { SentOutcome } from "./outcome-event.ts";

/** The last commits of a push are kept; the ones before are of a change that is larger than it should be. */
const MOST_COMMITS = 100;

/** A merge of the default branch into a branch brings in files of everybody. */
const MERGES_A_BRANCH_IN = /^Merge (?:remote-tracking )?branch\b/;

/** Paths of one kind; a list of another form is as good as none. */
const Paths = z.array(z.string()).nullish().catch(undefined);

/** A commit in a push, as GitHub and GitLab both write it. */
export const PushedCommitFields = z.object({
  id: CommitHash,
  message: z.string(),
  timestamp: GithubTime,
  added: Paths,
  modified: Paths,
  removed: Paths,
});
type PushedCommitFields = z.infer<typeof PushedCommitFields>;

/**
 * Which files a push to the default branch touched, commit by commit: the events of merged changes do not say. Nothing
 * if it tells of none.
 *
 * @param commits In the order in which they were made.
 */
export function pushOf(
  commits: readonly PushedCommitFields[],
  repository: string,
  about: Pick<SentOutcome, "id" | "timeMs">,
): readonly SentOutcome[] {
  const kept = commits.slice(-MOST_COMMITS);
  const pushed = kept.map((commit, at) => ({
    commit: commit.id,
    paths: at < kept.length - 1 && MERGES_A_BRANCH_IN.test(commit.message) ? [] : pathsOf(commit),
  }));
  return pushed.every(({ paths }) => paths.length === 0)
    ? []
    : [
        {
          ...about,
          kind: "push",
          repository,
          commits: [],
          pushed,
          sessions: [],
          status: "succeeded",
        },
      ];
}

function pathsOf({ added, modified, removed }: PushedCommitFields): readonly string[] {
  return [added, modified, removed].flatMap((paths) => paths ?? []).filter(isTellingFile);
}
