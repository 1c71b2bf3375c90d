import * as z from "zod";
import { readDeployment } from "./gitlab-deployment.ts";
import { readMergeRequest } from "./gitlab-merge-request.ts";
import { readGitlabPush } from "./gitlab-push.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

const GitlabEvent = z.object({ object_kind: z.string().nullish() });

/**
 * Reads a GitLab webhook delivery: merged merge requests, reverts, production deployments and
 * which files were pushed. Only the fields that are needed are checked, as payloads differ between GitLab's versions.
 *
 * @param receivedMs Our clock: when the delivery came.
 * @see https://docs.gitlab.com/user/project/integrations/webhook_events/
 */
export function readGitlabWebhook(
  payload: unknown,
  productionEnvironments: readonly string[],
  receivedMs: number,
): WebhookReading {
  return readFields(GitlabEvent, payload, ({ object_kind }) => {
    switch (object_kind) {
      case "merge_request":
        return readMergeRequest(payload);
      case "deployment":
        return readDeployment(payload, productionEnvironments);
      case "push":
        return readGitlabPush(payload, receivedMs);
      default:
        return ignored("nothing is recorded from this kind of event");
    }
  });
}
