import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import * as z from "zod";
import { readCdEvent } from "../../shared/outcomes/cdevent.ts";
import { mediaType } from "../http/content-type.ts";
import { errorResponse } from "../http/json-response.ts";
import { keyedDelivery } from "./keyed-delivery.ts";
import type { WebhookDeps } from "./webhook-delivery.ts";

const STRUCTURED = "application/cloudevents+json";
const CONTENT_TYPES: ReadonlySet<string> = new Set([STRUCTURED, "application/json"]);

const StructuredEvent = z.object({ specversion: z.string(), data: z.unknown() });

/**
 * `POST /v1/cdevents`: a CDEvent over CloudEvents, in the structured mode (the event is the body, the
 * CDEvent its `data`) or the binary (the CDEvent is the body, the rest in `ce-…` headers, which only
 * repeat it). A bare CDEvent is taken as well.
 */
export async function cdeventsRoute(
  event: APIGatewayProxyEventV2,
  deps: WebhookDeps,
): Promise<APIGatewayProxyStructuredResultV2> {
  if (!CONTENT_TYPES.has(mediaType(event.headers))) {
    return errorResponse(415, `content type must be ${STRUCTURED}, or application/json`);
  }
  return await keyedDelivery(
    event,
    (payload) => readCdEvent(cdEventIn(payload), deps.productionEnvironments),
    deps,
  );
}

function cdEventIn(payload: unknown): unknown {
  const structured = StructuredEvent.safeParse(payload);
  return structured.success ? structured.data.data : payload;
}
