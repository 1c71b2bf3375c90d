import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { OtlpSignal } from "../../shared/otlp/export-response.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import { errorResponse } from "../http/json-response.ts";
import { answerUnavailable, unavailable } from "../middleware/answer-unavailable.ts";
import { addToInvocationLog, logInvocation } from "../middleware/log-invocation.ts";
import { otlpRoute, otlpUnavailable } from "./otlp-route.ts";
import type { UsageStores } from "./record-usage.ts";
import type { CountUsage } from "./usage-counts.ts";
import { type ItemFormat, LITELLM_ITEMS, USAGE_ITEMS } from "./usage-formats.ts";
import { type UsageRouteDeps, usageRoute } from "./usage-route.ts";

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

const OTLP_ROUTES: ReadonlyMap<string, OtlpSignal> = new Map([
  ["POST /v1/logs", "logs"],
  ["POST /v1/metrics", "metrics"],
  ["POST /v1/traces", "traces"],
]);

/** Routes that take JSON items; the others take OTLP. */
const ITEM_ROUTES: ReadonlyMap<string, ItemFormat> = new Map([
  ["POST /v1/usage", USAGE_ITEMS],
  ["POST /v1/litellm", LITELLM_ITEMS],
]);

/** Takes usage by OTLP, by our own wire format, and from LiteLLM. A 2xx means that it is durable. */
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
        ITEM_ROUTES.has(event.routeKey) ? unavailable() : otlpUnavailable(event),
      ),
    )
    .use(logInvocation())
    .handler(async (event: APIGatewayProxyEventV2) => {
      const signal = OTLP_ROUTES.get(event.routeKey);
      return signal === undefined
        ? await itemRoute(event, deps)
        : await otlpRoute(event, signal, deps);
    });
}

async function itemRoute(event: APIGatewayProxyEventV2, deps: UsageRouteDeps) {
  const format = ITEM_ROUTES.get(event.routeKey);
  return format === undefined
    ? errorResponse(404, "there is no such route")
    : await usageRoute(event, format, deps);
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
