import type middy from "@middy/core";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { LedgerUnavailableError } from "../../shared/ports/usage-ledger.ts";
import { jsonResponse } from "../http/json-response.ts";
import { describeError } from "./describe-error.ts";

/**
 * Exporters of OpenTelemetry give up after ten seconds in all, and wait exactly as long as they are
 * told: every two seconds is five attempts, every five would be two.
 */
export const RETRY_AFTER_SECONDS = 2;

/** Writes a 503 in the format of the route. `Retry-After` is added to it. */
export type UnavailableBody<Event> = (event: Event) => APIGatewayProxyStructuredResultV2;

/**
 * Answers any error of an HTTP handler with 503 and `Retry-After`. A 500 would lose data: OTLP
 * exporters drop what they sent on every status but 429, 502, 503 and 504.
 */
export function answerUnavailable<Event>(
  body: UnavailableBody<Event> = () => unavailable(),
): middy.MiddlewareObj<Event, APIGatewayProxyStructuredResultV2> {
  return {
    onError: (request) => {
      console.error({ outcome: "unavailable", error: describeError(request.error) });
      const answer = body(request.event);
      request.response = {
        ...answer,
        headers: { ...answer.headers, "retry-after": retryAfter(request.error) },
      };
    },
  };
}

/** The answer while a store cannot be reached. */
export function unavailable(): APIGatewayProxyStructuredResultV2 {
  return jsonResponse(
    503,
    { error: { message: "temporarily unavailable, send it again" } },
    { "retry-after": String(RETRY_AFTER_SECONDS) },
  );
}

function retryAfter(error: unknown): string {
  return String(
    error instanceof LedgerUnavailableError ? error.retryAfterSeconds : RETRY_AFTER_SECONDS,
  );
}
