import { readDeploymentStatus } from "./github-deployment-status.ts";
import { readPullRequest } from "./github-pull-request.ts";
import { readPush } from "./github-push.ts";
import { ignored, type WebhookReading } from "./webhook-reading.ts";

/**
 * Reads a GitHub webhook delivery: merged pull requests, production deployments, reverts
 * and which files were pushed. Only the fields that are needed are checked, as payloads differ between GitHub's versions.
 *
 * @param event The `X-GitHub-Event` header.
 * @see https://docs.github.com/webhooks/webhook-events-and-payloads
 */
export function readGithubWebhook(
  event: string,
  payload: unknown,
  productionEnvironments: readonly string[],
): WebhookReading {
  switch (event) {
    case "pull_request":
      return readPullRequest(payload);
    case "push":
      return readPush(payload);
    case "deployment_status":
      return readDeploymentStatus(payload, productionEnvironments);
    case "ping":
      return ignored("a ping only tests the connection");
    default:
      return ignored("nothing is recorded from this kind of event");
  }
}
