import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { readDevlakeDeployment } from "../../shared/outcomes/devlake-deployment.ts";
import { errorResponse } from "../http/json-response.ts";
import { keyedDelivery } from "./keyed-delivery.ts";
import type { WebhookDeps } from "./webhook-delivery.ts";

const CONNECTION = /^[A-Za-z0-9_-]{1,50}$/;

/** `POST /plugins/webhook/connections/{connectionId}/deployments`: what was made for Apache DevLake. */
export async function devlakeRoute(
  event: APIGatewayProxyEventV2,
  deps: WebhookDeps,
): Promise<APIGatewayProxyStructuredResultV2> {
  const connection = event.pathParameters?.["connectionId"] ?? "";
  if (!CONNECTION.test(connection)) {
    return errorResponse(400, "the connection in the path must be a number or a short name");
  }
  return await keyedDelivery(
    event,
    (payload) => readDevlakeDeployment(payload, connection, deps.productionEnvironments),
    deps,
  );
}
