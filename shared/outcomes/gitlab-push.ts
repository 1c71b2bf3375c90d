import * as z from "zod";
import { DAY_MS, dayOf, startOfDay } from "../ledger/calendar.ts";
import { isClockInFuture } from "../wire/clock-skew.ts";
import { GitlabProject, projectId } from "./gitlab-fields.ts";
import { PushedCommitFields, pushOf } from "./pushed-commits.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

const WEEK_MS = 7 * DAY_MS;

const Push = z.object({
  ref: z.string(),
  /** The last twenty of the push. */
  commits: z.array(PushedCommitFields).nullish(),
  project: GitlabProject,
});

/**
 * A push to the default branch tells which files the commits of merged changes touch. The event has no time of
 * its own: it is that of the last commit, which GitLab makes when it merges. Only where that commit was made
 * elsewhere, as by a fast-forward, or its author says another time, it is the day on which the push arrived:
 * a push that comes twice that day is still one.
 */
export function readGitlabPush(payload: unknown, receivedMs: number): WebhookReading {
  return readFields(Push, payload, ({ ref, commits, project }) => {
    if (ref !== `refs/heads/${project.default_branch}`) {
      return ignored("the push was not to the default branch");
    }
    const outcomes = (commits ?? []).slice(-1).flatMap((last) =>
      pushOf(commits ?? [], project.path_with_namespace, {
        id: `${projectId(project)}@${last.id}/push`,
        timeMs: isPlausible(last.timestamp, receivedMs)
          ? last.timestamp
          : startOfDay(dayOf(receivedMs)),
      }),
    );
    return outcomes.length === 0
      ? ignored("no pushed commit touches files that tell of its task")
      : { kind: "outcomes", outcomes, restated: "duplicate" };
  });
}

/** Where Git's clock is believed: a push that comes again within a week has the same time, and so is the same one. */
function isPlausible(timeMs: number, receivedMs: number): boolean {
  return timeMs >= receivedMs - WEEK_MS && !isClockInFuture(timeMs, receivedMs);
}
