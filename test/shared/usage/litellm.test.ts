import { describe, expect, test } from "vitest";
import { idOfLitellmItem, usageFromLitellm } from "../../../shared/usage/litellm.ts";
import { readJsonBatch } from "../../../shared/wire/json-batch.ts";
import { aLitellmPayload, litellmPayloads } from "../../support/litellm-payloads.ts";
import { fixtureBytes } from "../../support/otlp-bodies.ts";

const context = { nowMs: Date.UTC(2026, 10, 22), maySend: () => true };

function readPayloads(...values: readonly unknown[]) {
  return usageFromLitellm(
    values.map((value) => ({ kind: "value", value })),
    context,
  );
}

function readText(text: string) {
  const batch = readJsonBatch(text);
  return usageFromLitellm(batch.kind === "records" ? batch.records : [], context);
}

describe("usageFromLitellm", () => {
  test("reads a call with all that it says, and ignores a cache hit and a failure without usage", () => {
    const batch = readPayloads(...litellmPayloads());

    expect(batch.accepted).toEqual([
      {
        id: "anthropic:chatcmpl-0b6f0c1e-1",
        grain: "request",
        timeMs: Date.UTC(2026, 10, 21, 22, 25, 12, 625),
        subject: "user-017@example.com",
        session: "sess-litellm-1",
        tool: "litellm",
        provider: "anthropic",
        model: "claude-sonnet-4-5",
        tokens: {
          uncachedInput: 123,
          cacheRead: 20_000,
          cacheWrite5m: 1000,
          cacheWrite1h: 0,
          output: 456,
          reasoning: 0,
        },
        reportedCostNanoUsd: 16_959_000n,
      },
    ]);
    expect(batch.ignored).toEqual(
      new Map([
        ["cache-hit", 1],
        ["failure-without-usage", 1],
      ]),
    );
    expect([...batch.ignoredAt]).toEqual([
      [1, "cache-hit"],
      [2, "failure-without-usage"],
    ]);
    expect(batch.rejected).toEqual([]);
  });

  test("reads the same of an array, of lines and of single objects", () => {
    const payloads = litellmPayloads();
    const array = readText(JSON.stringify(payloads));

    expect(readText(payloads.map((payload) => JSON.stringify(payload)).join("\n"))).toEqual(array);
    expect(payloads.flatMap((payload) => readText(JSON.stringify(payload)).accepted)).toEqual(
      array.accepted,
    );
    const single = Buffer.from(fixtureBytes("litellm/generic-api.single.json")).toString();
    expect(readText(single).accepted).toEqual(array.accepted);
  });

  test("a failure that used tokens before it failed is spend", () => {
    expect(readPayloads(aLitellmPayload({ status: "failure" })).accepted).toHaveLength(1);
  });

  test("a call that uses and costs nothing, such as counting tokens, is ignored", () => {
    const payload = aLitellmPayload({ prompt_tokens: 0, completion_tokens: 0, response_cost: 0 });

    expect([...readPayloads(payload).ignored]).toEqual([["no-usage", 1]]);
  });

  test("a failure is ignored whatever else it lacks: nothing of it is needed", () => {
    const failure = {
      status: "failure",
      prompt_tokens: 0,
      completion_tokens: 0,
      model: "",
      metadata: null,
    };

    expect(readPayloads(failure)).toMatchObject({ rejected: [], accepted: [] });
  });

  test("a cost without tokens, such as of an image, is spend that LiteLLM reports", () => {
    const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
    const [event] = readPayloads(aLitellmPayload({ usage, response_cost: 0.042 })).accepted;

    expect(event).toMatchObject({ reportedCostNanoUsd: 42_000_000n });
  });

  test("a cost of 0 for tokens means that LiteLLM has no price, not that they were free", () => {
    const [event] = readPayloads(aLitellmPayload({ response_cost: 0 })).accepted;

    expect(event).toBeDefined();
    expect(event).not.toHaveProperty("reportedCostNanoUsd");
  });

  test.each([
    [1.7e-7, 170n],
    [0.1 + 0.2, 300_000_000n],
    [12, 12_000_000_000n],
  ])("the cost %d, a float as Python writes it, is %d nano-USD", (response_cost, expected) => {
    const [event] = readPayloads(aLitellmPayload({ response_cost })).accepted;

    expect(event?.reportedCostNanoUsd).toBe(expected);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["no status", { status: undefined }, "status"],
    ["a status that nobody knows", { status: "retried" }, "status"],
    ["a cache hit as text", { cache_hit: "True" }, "cache_hit"],
    ["a negative count", { prompt_tokens: -1 }, "prompt_tokens"],
    ["a fraction of a token", { completion_tokens: 1.5 }, "completion_tokens"],
    ["a count as text", { prompt_tokens: "21123" }, "prompt_tokens"],
    ["a cost as text", { response_cost: "0.016959" }, "response_cost"],
    ["a negative cost", { response_cost: -1 }, "response_cost"],
    ["a time in milliseconds", { endTime: 1_795_299_912_625_000 }, "endTime"],
    ["a time as text", { startTime: "2026-11-21 22:25:00" }, "startTime"],
    ["a time in 1970", { endTime: 1_795_299 }, "endTime"],
    ["no model", { model: "" }, "model"],
    ["metadata that is a text", { metadata: "{}" }, "metadata"],
    [
      "a cached count that is negative",
      { metadata: { usage_object: { cache_read_input_tokens: -1 } } },
      "metadata.usage_object.cache_read_input_tokens",
    ],
    [
      "a lifetime that is a text",
      {
        metadata: {
          usage_object: {
            prompt_tokens_details: {
              cache_creation_token_details: { ephemeral_1h_input_tokens: "9" },
            },
          },
        },
      },
      "metadata.usage_object.prompt_tokens_details.cache_creation_token_details.ephemeral_1h_input_tokens",
    ],
    ["no id at all", { id: null, litellm_call_id: null }, "id"],
  ])("rejects %s and names the field", (_, overrides, path) => {
    expect(readPayloads({ ...aLitellmPayload(), ...overrides })).toMatchObject({
      accepted: [],
      rejected: [{ index: 0, path, message: expect.stringMatching(/^must /) }],
    });
  });

  test.each([null, 3, "text", [], [[]]])(
    "rejects %j, which is what is left of a payload that LiteLLM could not make",
    (value) => {
      expect(readPayloads(value)).toMatchObject({ accepted: [], rejected: [{ path: "" }] });
    },
  );

  test("takes fields that it does not know, and unreadable ones that only describe", () => {
    const payload = aLitellmPayload({
      added_next_year: { deeply: ["nested"] },
      trace_id: 17,
      end_user: { blob: true },
      hidden_params: "None",
      model_map_information: [],
      total_tokens: "many",
      metadata: { user_api_key_user_id: 17, requester_custom_headers: "none" },
    });

    expect(readPayloads(payload)).toMatchObject({ accepted: [{ session: "-" }], rejected: [] });
  });

  test("nothing but the fields that are read survives: no message, response, key, address or tag", () => {
    const canary = "canary-7d21";
    const payload = aLitellmPayload({
      messages: [{ role: "user", content: canary }],
      response: { choices: [{ message: { content: canary } }] },
      model_parameters: { tools: [canary], api_key: canary },
      request_tags: [canary],
      error_str: canary,
      error_information: { error_message: canary, traceback: canary },
      requester_ip_address: canary,
      api_base: canary,
      user_agent: canary,
      cache_key: canary,
      proxy_server_request: { headers: { authorization: canary } },
      metadata: {
        user_api_key_hash: canary,
        user_api_key_alias: canary,
        user_api_key_team_alias: canary,
        spend_logs_metadata: { prompt: canary },
        requester_metadata: { prompt: canary },
        requester_custom_headers: { "x-api-key": canary, "x-secret": canary },
      },
    });
    const broken = { ...payload, prompt_tokens: canary };
    const alsoBroken = { ...payload, status: canary };
    const brokenModel = { ...payload, model: { canary } };

    const batch = readPayloads(payload, broken, alsoBroken, brokenModel, canary);

    expect(batch.accepted).toHaveLength(1);
    expect(batch.rejected).toHaveLength(4);
    const text = JSON.stringify([batch.accepted, batch.rejected], (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    expect(text).not.toContain(canary);
  });

  test("a call too far ahead of our clock is held back", () => {
    const payload = aLitellmPayload({ endTime: Date.UTC(2026, 10, 22, 0, 5, 1) / 1000 });

    expect(readPayloads(payload).quarantined).toMatchObject([{ reason: "clock-in-future" }]);
  });

  test("without an end, a call is booked at its start", () => {
    const [event] = readPayloads(aLitellmPayload({ endTime: null })).accepted;

    expect(event?.timeMs).toBe(Date.UTC(2026, 10, 21, 22, 25, 0, 125));
  });

  test("a key of another tool may send nothing of it", () => {
    const batch = usageFromLitellm(
      litellmPayloads().map((value) => ({ kind: "value", value })),
      { ...context, maySend: (tool) => tool === "claude-code" },
    );

    expect(batch.accepted).toEqual([]);
    expect(batch.rejected).toMatchObject([{ index: 0, path: "" }]);
  });
});

describe("idOfLitellmItem", () => {
  test.each([
    [{ id: "a", model: 3 }, { id: "a" }],
    [{ id: 3 }, {}],
    ["text", {}],
  ])("gives back the id of %j, if it has one", (value, expected) => {
    expect(idOfLitellmItem({ kind: "value", value })).toEqual(expected);
  });
});
