import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbSenderKeys } from "../../functions/adapters/dynamodb-sender-keys.ts";
import { issueSenderKey } from "../../infra/cli/issue-sender-key.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterAll(() => stack.host.close());
afterEach(() => {
  stack.host.faults.length = 0;
});

function aCall(overrides: Record<string, unknown> = {}) {
  return {
    id: "req_bad_input",
    time: "2026-10-05T09:12:33.120Z",
    user: "user-017@example.com",
    session: "s1",
    tool: "claude-code",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    tokens: { input: 1, output: 1 },
    ...overrides,
  };
}

const PROTOBUF = { "content-type": "application/x-protobuf" };

describe("what a sender is told", () => {
  test.each([
    ["malformed JSON", "/v1/logs", "{", {}, 400],
    ["malformed protobuf", "/v1/logs", "\u0007\u0007\u0007", PROTOBUF, 400],
    ["another content type", "/v1/logs", "x", { "content-type": "text/csv" }, 415],
    ["malformed JSON", "/v1/usage", "[", {}, 400],
    ["another content type", "/v1/usage", "[]", { "content-type": "text/plain" }, 415],
    ["a webhook without a signature", "/webhooks/github", "{}", {}, 401],
    ["an empty request", "/v1/logs", "{}", {}, 200],
    ["no key", "/v1/usage", "[]", { authorization: "" }, 401],
    ["an unknown key", "/v1/usage", "[]", { authorization: "Bearer outpace_x" }, 403],
  ])("about %s on %s", async (_, path, body, headers, status) => {
    expect((await stack.post(path, body, headers)).status).toBe(status);
  });

  test("about a body that inflates beyond the limit: too large, and within a quarter of a second of work", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

    const answer = await stack.post("/v1/logs", bomb, { "content-encoding": "gzip" });

    expect(answer.status).toBe(413);
  });

  test("about a body that Lambda does not take: too large, as API Gateway says it, and nothing failed", async () => {
    const answer = await stack.post("/v1/usage", " ".repeat(7 * 1024 * 1024));

    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({ message: "Request Too Long" });
  });

  test.each([
    ["tokens.input", aCall({ tokens: { input: -1, output: 1 } })],
    ["tokens.output", aCall({ tokens: { input: 1, output: 0.5 } })],
    ["time", aCall({ time: "yesterday" })],
    ["prompt", aCall({ prompt: "never stored" })],
  ])("about a wrong field: its path, %s", async (path, item) => {
    const answer = await stack.post("/v1/usage", JSON.stringify([item]));

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      received: 1,
      rejected: 1,
      results: [{ index: 0, status: "rejected", path: expect.stringContaining(path) }],
    });
  });

  test("about a clock in the future: it is kept aside with the reason, not counted", async () => {
    const before = await stack.ledger();

    const answer = await stack.post(
      "/v1/usage",
      JSON.stringify([aCall({ time: "2030-01-01T00:00:00Z" })]),
    );

    expect(await answer.json()).toMatchObject({ quarantined: 1, committed: 0 });
    expect(await stack.ledger()).toEqual(before);
  });

  test("about one bad item among good ones: the good ones are in", async () => {
    const items = [
      aCall({ id: "good-1" }),
      aCall({ tokens: { input: -1, output: 0 } }),
      aCall({ id: "good-2" }),
    ];

    const answer = await stack.post("/v1/usage", JSON.stringify(items));

    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ received: 3, committed: 2, rejected: 1 });
  });

  test("about the same call with other content: a conflict, and the first one stands", async () => {
    await stack.post("/v1/usage", JSON.stringify([aCall({ id: "twice" })]));
    const before = await stack.ledger();

    const answer = await stack.post(
      "/v1/usage",
      JSON.stringify([aCall({ id: "twice", tokens: { input: 99, output: 1 } })]),
    );

    expect(await answer.json()).toMatchObject({ quarantined: 1 });
    expect(await stack.ledger()).toEqual(before);
  });

  test("about a model without a price: it is in, and counted as unpriced", async () => {
    await stack.post(
      "/v1/usage",
      JSON.stringify([aCall({ id: "new-model", model: "composer-99" })]),
    );
    await stack.host.idle();

    expect(stack.host.metrics.get("UnpricedCalls")).toBe(1);
  });
});

describe("a store that fails", () => {
  test.each([
    ["before it commits", "before"],
    ["after it committed", "after"],
  ] as const)("%s: 503 with Retry-After, and the retry counts once", async (_, when) => {
    const body = JSON.stringify([aCall({ id: `fault-${when}`, session: `fault-${when}` })]);
    const before = await stack.ledger();
    stack.host.faults.push((call) =>
      call.operation === "UpdateItem"
        ? { when, error: { status: 500, code: "InternalServerError" } }
        : undefined,
    );

    const refused = await stack.post("/v1/usage", body);
    stack.host.faults.length = 0;
    const retried = await stack.post("/v1/usage", body);

    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(retried.status).toBe(200);
    expect((await stack.ledger()).calls - before.calls).toBe(1);
  });

  test("when it holds the keys: 503 for a new key, and not the 500 on which OTLP clients drop data", async () => {
    const newKey = await issueSenderKey(
      dynamoDbSenderKeys(stack.dynamoDb, stack.output("DirectoryTableName")),
      { source: "any" },
      Date.now(),
    );
    stack.host.faults.push((call) =>
      call.operation === "GetItem"
        ? { when: "before", error: { status: 500, code: "InternalServerError" } }
        : undefined,
    );

    const answer = await stack.post("/v1/logs", "{}", { authorization: `Bearer ${newKey}` });
    // Another spelling of the header, so that the authoriser's answer is not in its cache.
    const known = await stack.post("/v1/logs", "{}", { authorization: stack.senderKey });

    expect(answer.status).toBe(503);
    expect(known.status).toBe(200);
  });
});

describe("privacy", () => {
  test("no prompt, tool input or command line reaches a store, a log or an answer", async () => {
    const canary = "CANARY-7f3a";
    const text = (key: string) => ({ key, value: { stringValue: canary } });
    const record = {
      timeUnixNano: "1791190000000000000",
      body: { stringValue: `claude_code.api_request ${canary}` },
      attributes: [
        { key: "event.name", value: { stringValue: "api_request" } },
        { key: "session.id", value: { stringValue: "canary-session" } },
        { key: "model", value: { stringValue: "claude-sonnet-4-5" } },
        { key: "input_tokens", value: { intValue: 5 } },
        { key: "output_tokens", value: { intValue: 5 } },
        { key: "request_id", value: { stringValue: "req_canary" } },
        ...["prompt", "response", "tool_input", "tool_parameters", "full_command", "anything"].map(
          text,
        ),
      ],
    };
    const body = {
      resourceLogs: [
        {
          resource: {
            attributes: [
              { key: "service.name", value: { stringValue: "claude-code" } },
              text("process.command_args"),
            ],
          },
          scopeLogs: [
            { scope: { name: "com.anthropic.claude_code.events" }, logRecords: [record] },
          ],
        },
      ],
    };

    const answer = await stack.post("/v1/logs", JSON.stringify(body));
    await stack.host.idle();

    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain(canary);
    expect(await stack.everythingStored()).not.toContain(canary);
    expect(stack.host.logs().join("\n")).not.toContain(canary);
    expect(stack.host.logs().join("\n")).not.toContain("user-017@example.com");
  });
});
