import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import { errorResponse } from "../http/json-response.ts";
import { answerUnavailable, unavailable } from "../middleware/answer-unavailable.ts";
import { addToInvocationLog, logInvocation } from "../middleware/log-invocation.ts";
import { otlpRoute, otlpUnavailable } from "./otlp-route.ts";
import type { UsageStores } from "./record-usage.ts";
import type { CountUsage } from "./usage-counts.ts";
import { usageRoute } from "./usage-route.ts";

export type IngestUsageDeps = UsageStores & {
  readonly hash: IdentityHash;
  readonly emitMetrics: (values: Readonly<Record<string, number>>) => void;
};

export type IngestUsageHandler = middy.MiddyfiedHandler<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2
>;

/** Time left for the answer. A function that runs out of time is a 500 to its sender, which loses data. */
const ANSWER_BEFORE_TIMEOUT_MS = 500;

/** Takes usage by OTLP and by our own wire format. A 2xx means that it is durable. */
export function ingestUsageHandler({
  emitMetrics,
  ...stores
}: IngestUsageDeps): IngestUsageHandler {
  const deps = { ...stores, count: countInto(emitMetrics) };
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({
    timeoutEarlyInMillis: ANSWER_BEFORE_TIMEOUT_MS,
  })
    .use(
      answerUnavailable<APIGatewayProxyEventV2>((event) =>
        isUsageRoute(event) ? unavailable() : otlpUnavailable(event),
      ),
    )
    .use(logInvocation())
    .handler(async (event: APIGatewayProxyEventV2) => {
      switch (event.routeKey) {
        case "POST /v1/logs":
          return await otlpRoute(event, "logs", deps);
        case "POST /v1/metrics":
          return await otlpRoute(event, "metrics", deps);
        case USAGE_ROUTE:
          return await usageRoute(event, deps);
        default:
          return errorResponse(404, "there is no such route");
      }
    });
}

const USAGE_ROUTE = "POST /v1/usage";

function isUsageRoute(event: APIGatewayProxyEventV2): boolean {
  return event.routeKey === USAGE_ROUTE;
}

function countInto(emitMetrics: IngestUsageDeps["emitMetrics"]): CountUsage {
  return (event, counts, { keyId, ignored }) => {
    addToInvocationLog(event, { keyId, ...counts, ignored: Object.fromEntries(ignored) });
    emitMetrics({
      Received: counts.received,
      Committed: counts.committed,
      Duplicate: counts.duplicate,
      Quarantined: counts.quarantined,
      Rejected: counts.rejected,
    });
  };
}
