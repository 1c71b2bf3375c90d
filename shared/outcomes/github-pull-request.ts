import * as z from "zod";
import {
  CommitHash,
  GithubAccount,
  GithubRepository,
  GithubTime,
  pullRequestId,
  subjectOf,
} from "./github-fields.ts";
import { revertedBy, taskOf } from "./github-references.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

const PullRequestAction = z.object({
  action: z.string(),
  pull_request: z.object({
    // Absent before the pull request is closed in some deliveries of older servers.
    merged: z.boolean().nullish(),
    base: z.object({ ref: z.string() }),
  }),
  repository: GithubRepository,
});

const Count = z.int().nonnegative();

const MergedPullRequest = z.object({
  pull_request: z.object({
    number: z.int().positive(),
    title: z.string().default(""),
    body: z.string().nullish(),
    user: GithubAccount,
    merged_at: GithubTime,
    merge_commit_sha: CommitHash.nullish(),
    head: z.object({ ref: z.string().min(1).max(300), sha: CommitHash }),
    additions: Count,
    deletions: Count,
    changed_files: Count,
  }),
  repository: GithubRepository,
});

/**
 * A pull request that was merged into the default branch is a merged change. A `merge_commit_sha`
 * alone says nothing: GitHub sets it to a test merge when a pull request is closed unmerged.
 */
export function readPullRequest(payload: unknown): WebhookReading {
  return readFields(PullRequestAction, payload, ({ action, pull_request, repository }) => {
    if (action !== "closed") {
      return ignored("only a pull request that is closed can have delivered something");
    }
    if (pull_request.merged !== true) {
      return ignored("the pull request was closed without being merged");
    }
    if (pull_request.base.ref !== repository.default_branch) {
      return ignored("the pull request was merged into a branch that is not the default branch");
    }
    return readFields(MergedPullRequest, payload, mergedChange);
  });
}

function mergedChange({
  pull_request,
  repository: { full_name: repository },
}: z.infer<typeof MergedPullRequest>): WebhookReading {
  const { head, merge_commit_sha, number, title } = pull_request;
  const text = { repository, branch: head.ref, title, body: pull_request.body ?? "" };
  const task = taskOf(text);
  const reverts = revertedBy(text);
  return {
    kind: "outcomes",
    // A repository that is deleted and created again counts its pull requests from 1 again.
    restated: "conflict",
    outcomes: [
      {
        id: pullRequestId(repository, number),
        timeMs: pull_request.merged_at,
        kind: "change_merged",
        ...subjectOf(pull_request.user),
        repository,
        branch: head.ref,
        commits: [...new Set([head.sha, ...(merge_commit_sha ? [merge_commit_sha] : [])])],
        ...(task === undefined ? {} : { task }),
        size: {
          additions: pull_request.additions,
          deletions: pull_request.deletions,
          files: pull_request.changed_files,
          // The webhook lists no files, so generated and lock files cannot be told apart.
          ignoredLines: 0,
        },
        sessions: [],
        status: "succeeded",
        ...(reverts === undefined ? {} : { reverts }),
      },
    ],
  };
}
