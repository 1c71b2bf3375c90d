import * as z from "zod";
import { CommitHash, GithubRepository, subjectOf } from "./github-fields.ts";
import { revertedCommits } from "./github-references.ts";
import type { SentOutcome } from "./outcome-event.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

const Push = z.object({
  ref: z.string(),
  commits: z
    .array(
      z.object({
        id: CommitHash,
        message: z.string(),
        timestamp: z.iso.datetime({ offset: true }),
        author: z.object({ username: z.string().min(1).max(100).nullish() }).nullish(),
      }),
    )
    .nullish(),
  repository: GithubRepository.extend({
    /** Seconds since 1970 in push events, though a text elsewhere. */
    pushed_at: z.int().positive().nullish().catch(undefined),
  }),
});
type Commit = NonNullable<z.infer<typeof Push>["commits"]>[number];

/**
 * A push to the default branch undoes what its commits say they revert. Other commits deliver
 * nothing here: work is counted when its pull request is merged.
 */
export function readPush(payload: unknown): WebhookReading {
  return readFields(Push, payload, ({ ref, commits, repository }) => {
    if (ref !== `refs/heads/${repository.default_branch}`) {
      return ignored("the push was not to the default branch");
    }
    const outcomes = (commits ?? []).flatMap((commit) =>
      undoings(commit, repository.full_name, timeOf(commit, repository.pushed_at)),
    );
    return outcomes.length === 0
      ? ignored("no pushed commit says that it reverts another")
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
  return pushedAtSeconds ? pushedAtSeconds * 1000 : Date.parse(commit.timestamp);
}
