import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { errorResponse } from "../http/json-response.ts";
import { answerUnavailable } from "../middleware/answer-unavailable.ts";
import { addToInvocationLog, logInvocation } from "../middleware/log-invocation.ts";
import { cdeventsRoute } from "./cdevents-route.ts";
import { devlakeRoute } from "./devlake-route.ts";
import { githubRoute } from "./github-route.ts";
import { gitlabRoute } from "./gitlab-route.ts";
import { jiraRoute } from "./jira-route.ts";
import type { CountOutcomes } from "./outcome-counts.ts";
import { outcomesRoute } from "./outcomes-route.ts";
import type { WebhookDeps } from "./webhook-delivery.ts";

export type IngestOutcomesDeps = Omit<WebhookDeps, "count"> & {
  readonly emitMetrics: (values: Readonly<Record<string, number>>) => void;
};

export type IngestOutcomesHandler = middy.MiddyfiedHandler<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2
>;

/** Time left for the answer: a function that runs out of time is a 500 to its sender. */
const ANSWER_BEFORE_TIMEOUT_MS = 500;

/** Takes delivered work from our own API and from webhooks. A 2xx means that it is durable. */
export function ingestOutcomesHandler({
  emitMetrics,
  ...stores
}: IngestOutcomesDeps): IngestOutcomesHandler {
  const count: CountOutcomes = (event, counts, about = {}) => {
    addToInvocationLog(event, { ...about, ...counts });
    emitMetrics({
      Received: counts.received,
      Committed: counts.committed,
      Duplicate: counts.duplicate,
      Quarantined: counts.quarantined,
      Rejected: counts.rejected,
    });
  };
  const deps = { ...stores, count };
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({
    timeoutEarlyInMillis: ANSWER_BEFORE_TIMEOUT_MS,
  })
    .use(answerUnavailable())
    .use(logInvocation())
    .handler(async (event: APIGatewayProxyEventV2) => {
      switch (event.routeKey) {
        case "POST /v1/outcomes":
          return await outcomesRoute(event, deps);
        case "POST /v1/cdevents":
          return await cdeventsRoute(event, deps);
        case "POST /plugins/webhook/connections/{connectionId}/deployments":
          return await devlakeRoute(event, deps);
        case "POST /webhooks/github":
          return await githubRoute(event, deps);
        case "POST /webhooks/gitlab":
          return await gitlabRoute(event, deps);
        case "POST /webhooks/jira":
          return await jiraRoute(event, deps);
        default:
          return errorResponse(404, "there is no such route");
      }
    });
}
