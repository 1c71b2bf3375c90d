import { afterAll, beforeAll, expect, test } from "vitest";
import { type GithubHookServer, githubHookServer } from "../support/github-hook-server.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";

const TOKEN_ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:github-AbCdEf";
const HOUR_MS = 3_600_000;

let github: GithubHookServer;
let stack: RunningStack;

/** A delivery so many hours ago. */
function aDelivery(hoursAgo: number, statusCode: number) {
  return {
    id: String(1_000_000 - hoursAgo),
    guid: `event-${hoursAgo}`,
    delivered_at: new Date(Date.now() - hoursAgo * HOUR_MS).toISOString(),
    redelivery: false,
    status_code: statusCode,
  };
}

beforeAll(async () => {
  github = await githubHookServer(
    [aDelivery(1, 200), aDelivery(2, 503), aDelivery(49, 0), aDelivery(80, 503)],
    2,
  );
  github.outcome = 503;
  stack = await runStack({
    env: { GithubReconciliation: { GITHUB_API_URL: github.url } },
    secrets: { [TOKEN_ARN]: "github_pat_example" },
  });
});
afterAll(async () => {
  await stack.host.close();
  github.close();
});

test("every hour, what failed is asked for once, and what stays undelivered raises the alarm's metric", async () => {
  expect(await stack.host.fire("GithubReconciliationHourly")).toEqual({
    listed: 3,
    failed: 2,
    asked: 2,
    refused: 0,
    overdue: 1,
  });
  expect(await stack.host.fire("GithubReconciliationHourly")).toMatchObject({ asked: 0 });

  const hook = "/repos/acme/widgets/hooks/12345678/deliveries";
  expect(github.requests.map(({ line }) => line).filter((line) => line.startsWith("POST"))).toEqual(
    [`POST ${hook}/999998/attempts`, `POST ${hook}/999951/attempts`],
  );
  expect(github.requests[0]?.authorization).toBe("Bearer github_pat_example");
  expect(stack.host.metrics.get("GithubRedeliveriesAsked")).toBe(2);
  expect(stack.host.metrics.get("GithubDeliveriesOverdue")).toBe(2);
  expect(stack.host.logs("GithubReconciliation").join("")).not.toContain("github_pat_example");
  expect(stack.host.denied).toEqual([]);
});
