import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { readGithubWebhook } from "../../shared/outcomes/github-webhook.ts";
import { isSignedWithOneOf } from "../adapters/webhook-signature.ts";
import { mediaType } from "../http/content-type.ts";
import { sentBytes } from "../http/request-body.ts";
import { addToInvocationLog } from "../middleware/log-invocation.ts";
import { jsonIn, NOT_JSON, refused, settleReading, type WebhookDeps } from "./webhook-delivery.ts";

type Answer = APIGatewayProxyStructuredResultV2;

const DELIVERY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * `POST /webhooks/github`: verifies the delivery on its raw bytes, before anything reads them, and
 * says what was made of it. GitHub never sends a delivery again by itself, so what is refused for a
 * fault in the setup says how to set it up.
 */
export async function githubRoute(
  event: APIGatewayProxyEventV2,
  deps: WebhookDeps,
): Promise<Answer> {
  const deliveryId = event.headers["x-github-delivery"] ?? "";
  if (DELIVERY_ID.test(deliveryId)) {
    addToInvocationLog(event, { githubDelivery: deliveryId });
  }
  const body = sentBytes(event);
  if (body.kind === "refused") {
    return refused(body.status, body.message);
  }
  return (
    (await signatureFault(event, body.bytes, deps)) ?? (await deliver(event, body.bytes, deps))
  );
}

async function signatureFault(
  event: APIGatewayProxyEventV2,
  bytes: Buffer,
  { webhookSecrets }: WebhookDeps,
): Promise<Answer | undefined> {
  const signature = event.headers["x-hub-signature-256"];
  if (signature === undefined) {
    return refused(401, "X-Hub-Signature-256 is missing: give the webhook a secret");
  }
  return isSignedWithOneOf(await webhookSecrets.github(), bytes, signature)
    ? undefined
    : refused(401, "X-Hub-Signature-256 does not fit the body and the secret of this webhook");
}

async function deliver(
  event: APIGatewayProxyEventV2,
  bytes: Buffer,
  deps: WebhookDeps,
): Promise<Answer> {
  if (mediaType(event.headers) === "application/x-www-form-urlencoded") {
    return refused(415, "choose the content type application/json in the webhook's settings");
  }
  const payload = jsonIn(bytes);
  if (payload === undefined) {
    return NOT_JSON;
  }
  const name = event.headers["x-github-event"] ?? "";
  const reading = readGithubWebhook(name, payload, deps.productionEnvironments);
  return await settleReading(event, reading, deps, { ignoredStatus: name === "ping" ? 200 : 202 });
}
