import * as z from "zod";
import { GitlabProject, projectId } from "./gitlab-fields.ts";
import { PushedCommitFields, pushOf } from "./pushed-commits.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

const Push = z.object({
  ref: z.string(),
  /** The last twenty of the push. */
  commits: z.array(PushedCommitFields).nullish(),
  project: GitlabProject,
});

/**
 * A push to the default branch tells which files the commits of merged changes touch. The event has no time of
 * its own: it is that of the last commit, which GitLab makes when it merges.
 */
export function readGitlabPush(payload: unknown): WebhookReading {
  return readFields(Push, payload, ({ ref, commits, project }) => {
    if (ref !== `refs/heads/${project.default_branch}`) {
      return ignored("the push was not to the default branch");
    }
    const outcomes = (commits ?? []).slice(-1).flatMap((last) =>
      pushOf(commits ?? [], project.path_with_namespace, {
        id: `${projectId(project)}@${last.id}/push`,
        timeMs: last.timestamp,
      }),
    );
    return outcomes.length === 0
      ? ignored("no pushed commit touches files that tell of its task")
      : { kind: "outcomes", outcomes, restated: "duplicate" };
  });
}
