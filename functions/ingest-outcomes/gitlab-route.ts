import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { readGitlabWebhook } from "../../shared/outcomes/gitlab-webhook.ts";
import { isFromGitlab } from "../adapters/gitlab-authenticity.ts";
import { sentBytes } from "../http/request-body.ts";
import { addToInvocationLog } from "../middleware/log-invocation.ts";
import { jsonIn, NOT_JSON, refused, settleReading, type WebhookDeps } from "./webhook-delivery.ts";

const EVENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * `POST /webhooks/gitlab`: checks that GitLab sent the delivery before anything reads it. GitLab
 * switches a webhook off that keeps failing: an event of no interest is answered with 2xx.
 */
export async function gitlabRoute(
  event: APIGatewayProxyEventV2,
  deps: WebhookDeps,
): Promise<APIGatewayProxyStructuredResultV2> {
  const eventId = event.headers["x-gitlab-event-uuid"] ?? "";
  if (EVENT_ID.test(eventId)) {
    addToInvocationLog(event, { gitlabEvent: eventId });
  }
  const body = sentBytes(event);
  if (body.kind === "refused") {
    return refused(body.status, body.message);
  }
  const secrets = await deps.webhookSecrets.gitlab();
  if (!isFromGitlab(secrets, body.bytes, event.headers, deps.nowMs())) {
    return refused(
      401,
      "neither X-Gitlab-Token nor webhook-signature is that of this webhook: give it its secret",
    );
  }
  const payload = jsonIn(body.bytes);
  if (payload === undefined) {
    return NOT_JSON;
  }
  const reading = readGitlabWebhook(payload, deps.productionEnvironments, deps.nowMs());
  return await settleReading(event, reading, deps);
}
