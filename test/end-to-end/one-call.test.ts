import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aLitellmPayload } from "../support/litellm-payloads.ts";
import {
  apiRequestAttributes,
  attributesJson,
  logRecordJson,
  logsBody,
} from "../support/otlp-bodies.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";

/** 123 uncached and 21,000 cached tokens in, 456 out of claude-sonnet-4-5. */
const CALL_NANO_USD = 16_959_000n;
const CALL_TOKENS = 123 + 20_000 + 1000 + 456;
const USER = "user-017@example.com";
const SESSION = "9d0bbe99-d739-49a1-8651-3907cc2ba04b";

type Sent = { readonly path: string; readonly body: unknown };

/** One call as each of four sources states it: seconds apart, and over a minute's edge. */
const SOURCES: Readonly<Record<string, (id: string, atMs: number) => Sent>> = {
  telemetry: (id, atMs) => ({
    path: "/v1/logs",
    body: logsBody([
      logRecordJson(
        apiRequestAttributes({
          request_id: id,
          "user.email": USER,
          "event.timestamp": new Date(atMs).toISOString(),
        }),
        { timeUnixNano: nanos(atMs) },
      ),
    ]),
  }),
  gateway: (id, atMs) => ({
    path: "/v1/litellm",
    body: [
      aLitellmPayload({
        startTime: (atMs - 4000) / 1000,
        endTime: (atMs + 700) / 1000,
        hidden_params: { additional_headers: { "llm_provider-request-id": id } },
        metadata: { requester_custom_headers: { "x-claude-code-session-id": SESSION } },
      }),
    ],
  }),
  span: (id, atMs) => ({
    path: "/v1/traces",
    body: {
      resourceSpans: [
        {
          resource: { attributes: attributesJson({ "enduser.id": USER, "service.name": "proxy" }) },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: "5b8efff798038103d269b633813fc60c",
                  spanId: "eee19b7ec3c1b174",
                  startTimeUnixNano: nanos(atMs - 4000),
                  endTimeUnixNano: nanos(atMs + 1300),
                  attributes: attributesJson({
                    "gen_ai.operation.name": "chat",
                    "gen_ai.provider.name": "anthropic",
                    "gen_ai.request.model": "claude-sonnet-4-5",
                    "gen_ai.response.id": id,
                    "gen_ai.usage.input_tokens": 21_123,
                    "gen_ai.usage.output_tokens": 456,
                    "gen_ai.usage.cache_read.input_tokens": 20_000,
                    "gen_ai.usage.cache_creation.input_tokens": 1000,
                  }),
                },
              ],
            },
          ],
        },
      ],
    },
  }),
  wire: (id, atMs) => ({
    path: "/v1/usage",
    body: [
      {
        id,
        time: new Date(atMs + 2100).toISOString(),
        user: USER,
        session: SESSION,
        tool: "own-gateway",
        provider: "anthropic",
        model: "claude-sonnet-4-5",
        tokens: { input: 123, cacheRead: 20_000, cacheWrite5m: 1000, output: 456 },
      },
    ],
  }),
};

function nanos(ms: number): string {
  return `${BigInt(ms) * 1_000_000n}`;
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  return items.length < 2
    ? [items]
    : items.flatMap((item, at) =>
        permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]),
      );
}

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterAll(() => stack.host.close());

/** Sends each call by all of its sources, in each order, twice; and checks that each counted once. */
async function expectOnceEach(name: string, timeOf: (n: number) => number) {
  const orders = permutations(Object.keys(SOURCES));
  expect(orders).toHaveLength(24);
  const before = await stack.ledger();

  for (const [n, order] of orders.entries()) {
    for (const source of [...order, ...order]) {
      const sent = SOURCES[source]?.(`req_${name}_${n}`, timeOf(n));
      const answer = await stack.post(sent?.path ?? "", JSON.stringify(sent?.body));
      expect([source, answer.status]).toEqual([source, 200]);
    }
  }

  const costNanoUsd = before.costNanoUsd + BigInt(orders.length) * CALL_NANO_USD;
  expect(await stack.ledger()).toMatchObject({
    calls: before.calls + orders.length,
    tokens: before.tokens + orders.length * CALL_TOKENS,
    costNanoUsd,
  });
  expect(stack.host.metrics.get("Quarantined") ?? 0).toBe(0);
  await stack.host.idle();
  expect(await stack.rolledUpNanoUsd()).toBe(costNanoUsd);
}

describe("one call that four sources state under the provider's id", () => {
  test("counts once, in whatever order they come, and however often", async () => {
    // 58.5 seconds into a minute: half of the sources are in the next one.
    await expectOnceEach("order", (n) => Date.UTC(2026, 9, 5, 9, n * 2, 58, 500));
  });

  test("counts once, on the day on which it was first seen, where midnight is between the sources", async () => {
    // Half of the midnights are at the end of a month, so that the days are in two partitions.
    await expectOnceEach("midnight", (n) =>
      Date.UTC(2026, n % 2 === 0 ? 8 : 9, n % 2 === 0 ? 30 : 6, 23, 59, 58, 500 + n),
    );

    const days = await stack.userDays();
    expect(
      days.filter(({ day }) => day !== "2026-10-05").map(({ day, calls }) => [day, calls]),
    ).toEqual([
      ["2026-09-30", 12],
      ["2026-10-01", 0],
      ["2026-10-06", 12],
      ["2026-10-07", 0],
    ]);
  });
});
