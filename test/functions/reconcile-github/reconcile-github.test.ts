import { afterEach, describe, expect, test } from "vitest";
import { GithubRateLimitedError, githubApi } from "../../../functions/adapters/github-api.ts";
import { GithubApiError, githubHook } from "../../../functions/adapters/github-hook-deliveries.ts";
import { reconcileGithubHandler } from "../../../functions/reconcile-github/reconcile-github.ts";
import { aContext } from "../../support/api-gateway-events.ts";
import {
  type GithubHookServer,
  githubHookServer,
  type ListedDelivery,
} from "../../support/github-hook-server.ts";

const NOW_MS = Date.parse("2026-11-22T12:00:00Z");
const HOUR_MS = 3_600_000;
const HOOK = "repos/acme/widgets/hooks/12345678";
/** More than a JavaScript number can hold. */
const LARGE_ID = 9_007_199_254_740_993n;

let server: GithubHookServer | undefined;

afterEach(() => server?.close());

/** A delivery so many hours ago; GitHub numbers them in order. */
function aDelivery(hoursAgo: number, overrides: Partial<ListedDelivery> = {}): ListedDelivery {
  return {
    id: String(LARGE_ID - BigInt(Math.round(hoursAgo * 10))),
    guid: `event-${hoursAgo}`,
    delivered_at: new Date(NOW_MS - hoursAgo * HOUR_MS).toISOString(),
    redelivery: false,
    status_code: 200,
    ...overrides,
  };
}

async function setup(deliveries: readonly ListedDelivery[], pageSize?: number) {
  const running = await githubHookServer(deliveries, pageSize);
  server = running;
  const metrics: Readonly<Record<string, number>>[] = [];
  const api = githubApi({
    apiUrl: running.url,
    token: async () => "github_pat_example\n",
    maxWaitMs: 2_000,
    nowMs: () => NOW_MS,
  });
  const handler = reconcileGithubHandler({
    hooks: [githubHook(api, HOOK)],
    nowMs: () => NOW_MS,
    emitMetrics: (values) => metrics.push(values),
  });
  return {
    ...running,
    server: running,
    metrics,
    run: () => handler({ scheduledTime: "2026-11-22T12:00:00Z" }, aContext()),
    asked: () =>
      running.requests.map(({ line }) => line).filter((line) => line.startsWith("POST ")),
  };
}

describe("reconcileGithub", () => {
  test("asks for what failed, once, and for nothing that arrived", async () => {
    const { asked, run } = await setup([
      aDelivery(1),
      aDelivery(2, { status_code: 503 }),
      // no answer at all
      aDelivery(3, { status_code: 0 }),
    ]);

    expect(await run()).toEqual({ listed: 3, failed: 2, asked: 2, refused: 0, overdue: 0 });
    expect(await run()).toMatchObject({ failed: 0, asked: 0 });

    // By their exact ids: LARGE_ID - 20 and - 30.
    expect(asked()).toEqual([
      `POST /${HOOK}/deliveries/9007199254740973/attempts`,
      `POST /${HOOK}/deliveries/9007199254740963/attempts`,
    ]);
  });

  test("a redelivery that fails as well is not asked for again", async () => {
    const { asked, run, server: github } = await setup([aDelivery(2, { status_code: 503 })]);
    github.outcome = 503;

    await run();

    expect(await run()).toMatchObject({ failed: 1, asked: 0 });
    expect(asked()).toHaveLength(1);
  });

  test("what somebody redelivered by hand is settled, whatever the first attempt was", async () => {
    const { asked, run } = await setup([
      aDelivery(1, { guid: "event", redelivery: true }),
      aDelivery(5, { guid: "event", status_code: 503 }),
    ]);

    expect(await run()).toMatchObject({ listed: 2, failed: 0 });
    expect(asked()).toEqual([]);
  });

  test("follows the pages, and stops at what GitHub keeps no longer", async () => {
    const recent = Array.from({ length: 5 }, (_, hour) => aDelivery(hour + 1));
    const old = Array.from({ length: 5 }, (_, hour) => aDelivery(73 + hour, { status_code: 503 }));

    const { asked, requests, run } = await setup([...recent, ...old], 2);

    expect(await run()).toMatchObject({ listed: 5, failed: 0 });
    expect(asked()).toEqual([]);
    // Pages of two: the third holds the first that is too old.
    expect(requests.map(({ line }) => line)).toEqual([
      `GET /${HOOK}/deliveries?per_page=100`,
      `GET /${HOOK}/deliveries?per_page=100&cursor=2`,
      `GET /${HOOK}/deliveries?per_page=100&cursor=4`,
    ]);
  });

  test("what has failed for 48 hours is overdue, so that somebody looks before it is lost", async () => {
    const { metrics, run } = await setup([
      aDelivery(47, { status_code: 503, redelivery: true }),
      aDelivery(49, { status_code: 503, redelivery: true }),
      aDelivery(50),
    ]);

    expect(await run()).toMatchObject({ failed: 2, overdue: 1 });
    expect(metrics).toEqual([{ GithubRedeliveriesAsked: 0, GithubDeliveriesOverdue: 1 }]);
  });

  test("what GitHub refuses to send again does not keep it from the rest", async () => {
    const gone = aDelivery(2, { status_code: 503 });
    const { asked, run, server: github } = await setup([gone, aDelivery(3, { status_code: 503 })]);
    github.gone.add(gone.id);

    expect(await run()).toMatchObject({ failed: 2, asked: 1, refused: 1 });
    expect(asked()).toHaveLength(2);
  });

  test("every request shows the token", async () => {
    const { requests, run } = await setup([aDelivery(2, { status_code: 503 })]);

    await run();

    expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(
      new Set(["Bearer github_pat_example"]),
    );
  });

  test.each([
    ["Retry-After", { status: 429, headers: { "retry-after": "1" } }],
    [
      "x-ratelimit-reset",
      {
        status: 403,
        headers: {
          "x-ratelimit-remaining": "0",
          "x-ratelimit-reset": String(NOW_MS / 1000 + 1),
        },
      },
    ],
  ])("waits as long as %s says, and goes on", async (_, refusal) => {
    const { refusals, requests, run } = await setup([aDelivery(1)]);
    refusals.push(refusal);
    const startedMs = performance.now();

    expect(await run()).toMatchObject({ listed: 1 });

    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
    expect(requests).toHaveLength(2);
  });

  test("a limit that lasts too long fails the run: the next hour goes on where this one stopped", async () => {
    const { refusals, run } = await setup([aDelivery(1)]);
    refusals.push({ status: 429, headers: { "retry-after": "3600" } });

    await expect(run()).rejects.toThrow(GithubRateLimitedError);
    expect(await run()).toMatchObject({ listed: 1 });
  });

  test("a token without the right fails the run, and says what to check", async () => {
    const { refusals, run } = await setup([]);
    refusals.push({ status: 403 });

    await expect(run()).rejects.toThrow(GithubApiError);
  });
});

describe("githubApi", () => {
  test("the token goes nowhere but to GitHub, wherever a link leads", async () => {
    const { url } = await setup([]);
    const asked: string[] = [];
    const api = githubApi({
      apiUrl: url,
      token: async () => {
        asked.push("token");
        return "github_pat_example";
      },
      maxWaitMs: 0,
    });

    await expect(api.request("GET", "http://127.0.0.2:1/steal")).rejects.toThrow("another host");
    expect(asked).toEqual([]);
  });

  test("the path of an enterprise server's API is kept", async () => {
    const { url, requests } = await setup([]);
    const api = githubApi({ apiUrl: `${url}/api/v3`, token: async () => "t", maxWaitMs: 0 });

    await api.request("GET", `${HOOK}/deliveries`);

    expect(requests).toMatchObject([{ line: `GET /api/v3/${HOOK}/deliveries` }]);
  });
});
