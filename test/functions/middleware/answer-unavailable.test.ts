import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { describe, expect, test, vi } from "vitest";
import { answerUnavailable } from "../../../functions/middleware/answer-unavailable.ts";
import { logInvocation } from "../../../functions/middleware/log-invocation.ts";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";
import { aContext, anApiGatewayEvent } from "../../support/api-gateway-events.ts";

function answerTo(error: unknown) {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(answerUnavailable())
    .use(logInvocation())
    .handler(async () => {
      throw error;
    });
  const event = anApiGatewayEvent({ routeKey: "POST /v1/usage" });
  return { logged, answer: handler(event, aContext()) };
}

describe("answerUnavailable", () => {
  test.each([
    [new LedgerUnavailableError(new Error("throttled"), 7), "7"],
    [new Error("a fault of our own"), "2"],
    ["not even an error", "2"],
  ])(
    "answers %s with 503 and when to come back, never 500: senders drop data on 500",
    async (error, retryAfter) => {
      await expect(answerTo(error).answer).resolves.toMatchObject({
        statusCode: 503,
        headers: { "retry-after": retryAfter },
      });
    },
  );

  test("logs the error with its cause, so that the fault can be found", async () => {
    const { answer, logged } = answerTo(new LedgerUnavailableError(new Error("throttled")));

    await answer;

    expect(logged).toHaveBeenCalledWith(
      expect.objectContaining({
        error: expect.objectContaining({
          name: "LedgerUnavailableError",
          cause: expect.objectContaining({ message: "throttled" }),
        }),
      }),
    );
  });

  test("does not log messages of the language, which can quote what was sent", async () => {
    const parse = () => {
      try {
        return JSON.parse('canary-3e90"');
      } catch (error) {
        return error;
      }
    };
    const { answer, logged } = answerTo(parse());

    await answer;

    expect(logged.mock.calls.length).toBeGreaterThan(0);
    expect(JSON.stringify(logged.mock.calls)).not.toContain("canary");
  });
});
