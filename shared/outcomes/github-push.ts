import * as z from "zod";
import { EARLIEST_TIME_MS } from "../usage/field-limits.ts";
import { GithubRepository, subjectOf } from "./github-fields.ts";
import { revertedCommits } from "./github-references.ts";
import type { SentOutcome } from "./outcome-event.ts";
import { PushedCommitFields, pushOf } from "./pushed-commits.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

/** The end of the year 9999. */
const LATEST_SECONDS = 253_402_300_799;

const Push = z.object({
  ref: z.string(),
  commits: z
    .array(
      PushedCommitFields.extend({
        author: z.object({ username: z.string().min(1).max(100).nullish() }).nullish(),
      }),
    )
    .nullish(),
  repository: GithubRepository.extend({
    /** Seconds since 1970 in push events, though a text elsewhere. */
    pushed_at: z
      .int()
      .min(EARLIEST_TIME_MS / 1000)
      .max(LATEST_SECONDS)
      .nullish()
      .catch(undefined),
  }),
});
type Commit = NonNullable<z.infer<typeof Push>["commits"]>[number];

/**
 * A push to the default branch undoes what its commits say they revert, and tells which files the commits of
 * merged changes touch. It delivers nothing: work is counted when its pull request is merged.
 */
export function readPush(payload: unknown): WebhookReading {
  return readFields(Push, payload, ({ ref, commits: listed, repository }) => {
    if (ref !== `refs/heads/${repository.default_branch}`) {
      return ignored("the push was not to the default branch");
    }
    const commits = listed ?? [];
    const name = repository.full_name;
    const outcomes = [
      ...commits.flatMap((commit) => undoings(commit, name, timeOf(commit, repository.pushed_at))),
      ...commits.slice(-1).flatMap((last) =>
        pushOf(commits, name, {
          id: `github:${name}@${last.id}/push`,
          timeMs: timeOf(last, repository.pushed_at),
        }),
      ),
    ];
    return outcomes.length === 0
      ? ignored("no pushed commit reverts another, or touches files that tell of its task")
      : { kind: "outcomes", outcomes, restated: "duplicate" };
  });
}

function undoings(commit: Commit, repository: string, timeMs: number): readonly SentOutcome[] {
  const username = commit.author?.username;
  return revertedCommits(commit.message).map((reverts, index) => ({
    id: `github:${repository}@${commit.id}${index === 0 ? "" : `/${index + 1}`}`,
    timeMs,
    kind: "change_merged",
    ...subjectOf(username ? { login: username } : undefined),
    repository,
    commits: [commit.id],
    sessions: [],
    status: "succeeded",
    reverts,
  }));
}

/** GitHub's own clock where it is given: the time in a commit is whatever its author sets. */
function timeOf(commit: Commit, pushedAtSeconds: number | null | undefined): number {
  return pushedAtSeconds ? pushedAtSeconds * 1000 : commit.timestamp;
}
