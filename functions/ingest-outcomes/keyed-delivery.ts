import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { WebhookReading } from "../../shared/outcomes/webhook-reading.ts";
import { errorResponse } from "../http/json-response.ts";
import { requestBytes } from "../http/request-body.ts";
import { type KnownSender, senderOf } from "../http/sender.ts";
import { unavailable } from "../middleware/answer-unavailable.ts";
import { jsonIn, type ReadingDeps, settleReading } from "./webhook-delivery.ts";

/** What a key for outcomes may send; whoever sends usage must not be able to credit it as well. */
export function mayRecordOutcomes({ source }: KnownSender): boolean {
  return source === "outcomes" || source === "any";
}

export const NOT_FOR_OUTCOMES = "the key may not send outcomes: use one for the source outcomes";

/** Takes one event of delivered work from a sender that shows a key. */
export async function keyedDelivery(
  event: APIGatewayProxyEventV2,
  read: (payload: unknown) => WebhookReading,
  deps: ReadingDeps,
): Promise<APIGatewayProxyStructuredResultV2> {
  const sender = senderOf(event);
  if (sender.kind === "unavailable") {
    return unavailable();
  }
  if (!mayRecordOutcomes(sender)) {
    return errorResponse(403, NOT_FOR_OUTCOMES);
  }
  const body = requestBytes(event);
  if (body.kind === "refused") {
    return errorResponse(body.status, body.message);
  }
  const payload = jsonIn(body.bytes);
  if (payload === undefined) {
    return errorResponse(400, "the body is not valid JSON");
  }
  return await settleReading(event, read(payload), deps, {
    sender,
    malformed: (path, message) => errorResponse(400, message, path),
  });
}
