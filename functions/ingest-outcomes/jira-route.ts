import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { readJiraWebhook } from "../../shared/outcomes/jira-webhook.ts";
import { isSignedWithOneOf } from "../adapters/webhook-signature.ts";
import { sentBytes } from "../http/request-body.ts";
import { addToInvocationLog } from "../middleware/log-invocation.ts";
import { jsonIn, NOT_JSON, refused, settleReading, type WebhookDeps } from "./webhook-delivery.ts";

const DELIVERY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * `POST /webhooks/jira`: verifies the delivery on its raw bytes, before anything reads them. Jira
 * tries again on 503 and the like, five times at most.
 */
export async function jiraRoute(
  event: APIGatewayProxyEventV2,
  deps: WebhookDeps,
): Promise<APIGatewayProxyStructuredResultV2> {
  const deliveryId = event.headers["x-atlassian-webhook-identifier"] ?? "";
  if (DELIVERY_ID.test(deliveryId)) {
    addToInvocationLog(event, { jiraDelivery: deliveryId });
  }
  const body = sentBytes(event);
  if (body.kind === "refused") {
    return refused(body.status, body.message);
  }
  const signature = event.headers["x-hub-signature"];
  if (signature === undefined) {
    return refused(401, "X-Hub-Signature is missing: give the webhook a secret");
  }
  if (!isSignedWithOneOf(await deps.webhookSecrets.jira(), body.bytes, signature)) {
    return refused(401, "X-Hub-Signature does not fit the body and the secret of this webhook");
  }
  const payload = jsonIn(body.bytes);
  return payload === undefined
    ? NOT_JSON
    : await settleReading(event, readJiraWebhook(payload, deps.undeliveredResolutions), deps);
}
