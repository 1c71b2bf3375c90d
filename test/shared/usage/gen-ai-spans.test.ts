import { describe, expect, test } from "vitest";
import { logRecordsOf, spansOf } from "../../../shared/otlp/export-request.ts";
import { GEN_AI } from "../../../shared/usage/gen-ai.ts";
import { readGenAiSpan } from "../../../shared/usage/gen-ai-spans.ts";
import type { Reading } from "../../../shared/usage/reading.ts";
import {
  type AnyValueJson,
  attributesJson,
  fixtureBodies,
  logRecordJson,
  logsBody,
} from "../../support/otlp-bodies.ts";
import { acceptedIn, type Overrides } from "../../support/otlp-readings.ts";

const TRACE = "5b8efff798038103d269b633813fc60c";
const SPAN = "eee19b7ec3c1b174";
const SPAN_PATH = "resourceSpans[0].scopeSpans[0].spans[0]";
const END_NANOS = "1795298563000000007";

const CHAT = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.request.model": "claude-sonnet-4-5",
  "gen_ai.response.model": "claude-sonnet-4-5-20250929",
  "gen_ai.response.id": "msg_01SemconvExample",
  "gen_ai.conversation.id": "conv_5j66",
  "gen_ai.usage.input_tokens": 21_123,
  "gen_ai.usage.output_tokens": 456,
  "gen_ai.usage.cache_read.input_tokens": 20_000,
  "gen_ai.usage.cache_creation.input_tokens": 1000,
};
const RESOURCE = { "service.name": "checkout-bot", "enduser.id": "svc-checkout-bot" };

function given(attributes: Overrides) {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
}

function read(overrides: Overrides = {}, fields: AnyValueJson = {}): Reading {
  const span = {
    traceId: TRACE,
    spanId: SPAN,
    startTimeUnixNano: "1795298560826000000",
    endTimeUnixNano: END_NANOS,
    attributes: attributesJson(given({ ...CHAT, ...overrides })),
    ...fields,
  };
  const body = {
    resourceSpans: [
      { resource: { attributes: attributesJson(RESOURCE) }, scopeSpans: [{ spans: [span] }] },
    ],
  };
  const [reading] = spansOf(body).map(readGenAiSpan);
  if (reading === undefined) {
    throw new Error("the body holds one span");
  }
  return reading;
}

const call = (overrides: Overrides = {}, fields: AnyValueJson = {}) =>
  acceptedIn(read(overrides, fields));

/** The event that a sender emits within a span, with the same attributes. */
function eventCall(overrides: Overrides) {
  const record = logRecordJson(given({ ...CHAT, ...overrides }), {
    eventName: "gen_ai.client.inference.operation.details",
    traceId: TRACE,
    spanId: SPAN,
  });
  const [reading] = logRecordsOf(logsBody([record], { resource: RESOURCE })).map(
    GEN_AI.readLogRecord,
  );
  return acceptedIn(reading ?? { kind: "ignored", name: "none" });
}

describe("readGenAiSpan", () => {
  test("a chat is one call by the response's id, at its end, with the cached tokens taken out of the input", () => {
    expect(call({ "gen_ai.agent.name": "refunds" })).toEqual({
      id: "anthropic:msg_01SemconvExample",
      grain: "request",
      timeMs: 1_795_298_563_000,
      subject: "svc-checkout-bot",
      session: "conv_5j66",
      agent: "refunds",
      tool: "gen-ai:checkout-bot",
      provider: "anthropic",
      model: "claude-sonnet-4-5-20250929",
      tokens: {
        uncachedInput: 123,
        cacheRead: 20_000,
        cacheWrite5m: 1000,
        cacheWrite1h: 0,
        output: 456,
        reasoning: 0,
      },
    });
  });

  test.each(["text_completion", "generate_content"])("%s is a call of a model", (operation) => {
    expect(call({ "gen_ai.operation.name": operation })).toEqual(call());
  });

  test("embeddings have no output", () => {
    const embedding = {
      "gen_ai.operation.name": "embeddings",
      "gen_ai.usage.output_tokens": undefined,
    };

    expect(call(embedding).tokens).toMatchObject({ uncachedInput: 123, output: 0 });
  });

  test.each([
    "invoke_agent",
    "invoke_workflow",
    "create_agent",
    "execute_tool",
    "plan",
    "retrieval",
    "fetch_response",
  ])(
    "%s only repeats what the calls within it used, even if it names the last response",
    (operation) => {
      expect(read({ "gen_ai.operation.name": operation })).toEqual({
        kind: "ignored",
        name: `span:${operation}`,
      });
    },
  );

  test("before operations had names, a span was a call if it named provider and model", () => {
    const old = {
      "gen_ai.operation.name": undefined,
      "gen_ai.provider.name": undefined,
      "gen_ai.system": "anthropic",
      "gen_ai.usage.input_tokens": undefined,
      "gen_ai.usage.output_tokens": undefined,
      "gen_ai.usage.prompt_tokens": 21_123,
      "gen_ai.usage.completion_tokens": 456,
    };

    expect(call(old)).toEqual(call());
    expect(read({ ...old, "gen_ai.system": undefined })).toEqual({
      kind: "ignored",
      name: "span:other",
    });
  });

  test("an operation of the sender's own is a call if it names one response", () => {
    const own = { "gen_ai.operation.name": "canary" };

    expect(call(own)).toEqual(call());
    expect(read({ ...own, "gen_ai.response.id": undefined })).toEqual({
      kind: "ignored",
      name: "span:other",
    });
  });

  test("a span without counts is no call: it failed, or is something else", () => {
    expect(
      read({ "gen_ai.usage.input_tokens": undefined, "gen_ai.usage.output_tokens": undefined }),
    ).toEqual({ kind: "ignored", name: "span" });
  });

  test("without an end, the time of a call is its start", () => {
    expect(call({}, { endTimeUnixNano: "0" }).timeMs).toBe(1_795_298_560_826);
  });

  test.each<[string, Overrides, AnyValueJson, string]>([
    [".attributes.gen_ai.usage.input_tokens", { "gen_ai.usage.input_tokens": -1 }, {}, "whole"],
    [".attributes.gen_ai.provider.name", { "gen_ai.provider.name": undefined }, {}, "be given"],
    [".endTimeUnixNano", {}, { startTimeUnixNano: 0, endTimeUnixNano: 0 }, "nanoseconds"],
  ])("rejects what cannot be, and names %s", (path, overrides, fields, message) => {
    expect(read(overrides, fields)).toEqual({
      kind: "rejected",
      path: SPAN_PATH + path,
      message: expect.stringContaining(message),
    });
  });
});

describe("the identity of a call without a response id", () => {
  const anonymous = { "gen_ai.response.id": undefined };

  test("is the span, so that the event sent within it is the same call", () => {
    expect(call(anonymous).id).toBe(
      `gen-ai:${TRACE}:${SPAN}:anthropic:claude-sonnet-4-5-20250929:123-20000-1000-0-456-0`,
    );
    expect(eventCall(anonymous).id).toBe(call(anonymous).id);
  });

  test("tells apart the events of several calls that were made within one span of a service", () => {
    const other = { ...anonymous, "gen_ai.usage.output_tokens": 457 };

    expect(eventCall(other).id).not.toBe(eventCall(anonymous).id);
  });

  test.each([
    ["all zeros, which means none", "0".repeat(16)],
    ["no hexadecimal", "x".repeat(16)],
    ["missing", undefined],
  ])("is the time to the nanosecond if the span's id is %s", (_, spanId) => {
    expect(call(anonymous, { spanId }).id).toBe(
      `gen-ai:checkout-bot:conv_5j66:${END_NANOS}:anthropic:claude-sonnet-4-5-20250929:123-20000-1000-0-456-0`,
    );
  });
});

describe("the trace of an agent run", () => {
  test("is its two calls, and not once more the agent that made them", () => {
    const [body] = fixtureBodies("otel-genai/agent-run.traces.json");

    const readings = spansOf(body).map(readGenAiSpan);

    expect(readings.map((reading) => (reading.kind === "ignored" ? reading.name : "call"))).toEqual(
      ["span:invoke_agent", "call", "span", "call", "span"],
    );
    expect(JSON.stringify(readings)).not.toContain("CANARY");
  });
});
