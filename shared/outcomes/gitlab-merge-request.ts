import * as z from "zod";
import { CommitHash } from "./github-fields.ts";
import { revertedCommits, taskOf } from "./github-references.ts";
import { GitlabProject, gitlabSubject, mergeRequestId } from "./gitlab-fields.ts";
import { OffsetTime } from "./offset-time.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

const MergeRequestAction = z.object({
  object_attributes: z.object({
    // Absent from the event that GitLab sends as a test.
    action: z.string().nullish(),
    target_branch: z.string(),
  }),
  project: GitlabProject,
});

const MergedMergeRequest = z.object({
  object_attributes: z.object({
    iid: z.int().positive(),
    title: z.string().default(""),
    description: z.string().nullish(),
    source_branch: z.string().min(1).max(300),
    author_id: z.int().positive().nullish(),
    merge_commit_sha: CommitHash.nullish(),
    squash_commit_sha: CommitHash.nullish(),
    last_commit: z.object({ id: CommitHash }).nullish(),
    updated_at: OffsetTime,
  }),
  project: GitlabProject,
});
type Merged = z.infer<typeof MergedMergeRequest>;

/** GitLab titles the revert of anything `Revert "…"`, and says in the text what it undoes. */
const REVERT_TITLE = /^(?:revert|reapply)\b/i;
const REVERTS_MERGE_REQUEST =
  /\bThis reverts merge request (?:([^\s!]{1,300})?!)([1-9]\d{0,8})(?!\d)/i;

/**
 * A merge request that was merged into the default branch is a merged change. The event that does it
 * has the action `merge`; later ones of the same merge request, such as a label, have `update`.
 */
export function readMergeRequest(payload: unknown): WebhookReading {
  return readFields(MergeRequestAction, payload, ({ object_attributes, project }) => {
    if (object_attributes.action !== "merge") {
      return ignored("only a merge request that is merged has delivered something");
    }
    if (object_attributes.target_branch !== project.default_branch) {
      return ignored("the merge request was merged into a branch that is not the default branch");
    }
    return readFields(MergedMergeRequest, payload, mergedChange);
  });
}

function mergedChange({ object_attributes: merged, project }: Merged): WebhookReading {
  const repository = project.path_with_namespace;
  const { source_branch: branch, title } = merged;
  const body = merged.description ?? "";
  const task = taskOf({ repository, branch, title, body });
  const reverts = revertedBy(project, title, body);
  const commits = [merged.last_commit?.id, merged.merge_commit_sha, merged.squash_commit_sha];
  return {
    kind: "outcomes",
    // A merge request is merged once, and no other one ever has its number in its project.
    restated: "duplicate",
    outcomes: [
      {
        id: mergeRequestId(project, merged.iid),
        timeMs: merged.updated_at,
        kind: "change_merged",
        ...gitlabSubject(project, merged.author_id),
        repository,
        branch,
        commits: [...new Set(commits.filter((commit) => typeof commit === "string"))],
        ...(task === undefined ? {} : { task }),
        sessions: [],
        status: "succeeded",
        ...(reverts === undefined ? {} : { reverts }),
      },
    ],
  };
}

/** As on GitHub: title and text have to say so, and of the same project. */
function revertedBy(project: GitlabProject, title: string, body: string): string | undefined {
  if (!REVERT_TITLE.test(title.trim())) {
    return undefined;
  }
  const [, path = project.path_with_namespace, iid] = REVERTS_MERGE_REQUEST.exec(body) ?? [];
  if (iid !== undefined && path.toLowerCase() === project.path_with_namespace.toLowerCase()) {
    return mergeRequestId(project, iid);
  }
  return revertedCommits(body)[0];
}
