import { describe, expect, test } from "vitest";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { GEN_AI } from "../../../shared/usage/gen-ai.ts";
import { CALL_TIME_MS } from "../../support/otlp-bodies.ts";
import {
  acceptedIn,
  type Overrides,
  RECORD_PATH,
  readRecord,
} from "../../support/otlp-readings.ts";

const EVENT = "gen_ai.client.inference.operation.details";
const DETAILS = {
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
  "gen_ai.usage.reasoning.output_tokens": 56,
};
const RESOURCE = { "service.name": "Checkout-Bot", "enduser.id": "svc-checkout-bot" };

const read = (overrides: Overrides = {}, fields = {}, resource: object = RESOURCE) =>
  readRecord(GEN_AI, { ...DETAILS, ...overrides }, { eventName: EVENT, ...fields }, resource);
const call = (overrides: Overrides = {}, fields = {}, resource: object = RESOURCE) =>
  acceptedIn(read(overrides, fields, resource));

describe("GEN_AI: operation details", () => {
  test("are one call by the response's id, with the cached tokens taken out of the input", () => {
    expect(call({ "gen_ai.agent.name": "refunds" })).toEqual({
      id: "anthropic:msg_01SemconvExample",
      grain: "request",
      timeMs: CALL_TIME_MS,
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
        reasoning: 56,
      },
    });
  });

  test("may carry their name as an attribute", () => {
    expect(read({ "event.name": EVENT }, { eventName: "" })).toEqual(read());
  });

  test("are the same call under the attribute names of earlier versions", () => {
    const old = readRecord(
      GEN_AI,
      {
        "gen_ai.system": "anthropic",
        "gen_ai.response.model": "claude-sonnet-4-5-20250929",
        "gen_ai.response.id": "msg_01SemconvExample",
        "session.id": "conv_5j66",
        "gen_ai.usage.prompt_tokens": 21_123,
        "gen_ai.usage.completion_tokens": 456,
        "gen_ai.usage.cache_read_input_tokens": 20_000,
        "gen_ai.usage.cache_creation_input_tokens": 1000,
        "gen_ai.usage.reasoning.output_tokens": 56,
      },
      { eventName: EVENT },
      RESOURCE,
    );

    expect(old).toEqual(read());
  });

  test("of the request alone, without counts, are no call", () => {
    const counts = { "gen_ai.usage.input_tokens": {}, "gen_ai.usage.output_tokens": undefined };

    expect(read(counts)).toEqual({ kind: "ignored", name: EVENT });
  });

  test("of an embedding have no output", () => {
    const embedding = {
      "gen_ai.operation.name": "embeddings",
      "gen_ai.usage.output_tokens": undefined,
      "gen_ai.usage.reasoning.output_tokens": undefined,
    };

    expect(call(embedding).tokens).toMatchObject({ uncachedInput: 123, output: 0 });
  });

  test("without a response model are of the model that was asked for", () => {
    expect(call({ "gen_ai.response.model": undefined }).model).toBe("claude-sonnet-4-5");
  });

  test.each([
    ["anthropic", "anthropic", "claude-sonnet-4-5"],
    ["aws.bedrock", "aws", "anthropic.claude-sonnet-4-5-20250929-v1:0"],
    ["openai", "openai", "gpt-5.1"],
    ["azure.ai.openai", "azure", "gpt-4o"],
    ["azure.ai.inference", "azure", "gpt-4o"],
    ["gcp.gemini", "google", "gemini-2.5-pro"],
    ["gcp.gen_ai", "google", "gemini-2.5-pro"],
    ["gcp.vertex_ai", "google", "gemini-2.5-pro"],
    ["mistral_ai", "mistral", "mistral-large-latest"],
    ["x_ai", "x-ai", "grok-4"],
    ["deepseek", "deepseek", "deepseek-chat"],
    ["groq", "groq", "llama-3.3-70b-versatile"],
    ["cohere", "cohere", "command-a"],
    ["perplexity", "perplexity", "sonar"],
    ["moonshot_ai", "moonshotai", "kimi-k2"],
  ])("provider %s is %s, whose %s the price book knows", (sent, provider, model) => {
    const event = call({ "gen_ai.provider.name": sent, "gen_ai.response.model": model });

    expect(event.provider).toBe(provider);
    expect(genaiPriceBook().listCost(event)).toBeGreaterThan(0n);
  });

  test("a provider that is not known keeps its name, and has no price", () => {
    const event = call({ "gen_ai.provider.name": "Our-Own-GPUs" });

    expect(event.provider).toBe("our-own-gpus");
    expect(genaiPriceBook().listCost(event)).toBeUndefined();
  });

  test.each([
    [
      "a service that is named by its SDK only",
      { "service.name": "unknown_service:node" },
      "gen-ai",
    ],
    ["no service", {}, "gen-ai"],
    ["a service with the name of a tool", { "service.name": "kiro" }, "gen-ai:kiro"],
  ])("the tool of %s does not pass for another", (_, resource, tool) => {
    expect(call({}, {}, resource).tool).toBe(tool);
  });

  test("a user on the record is the service's own customer, and is not read", () => {
    const customer = { "user.id": "c-1", "enduser.id": "c-1", "user.email": "c@example.com" };

    expect(call(customer).subject).toBe("svc-checkout-bot");
    expect(call(customer, {}, {})).not.toHaveProperty("subject");
  });
});

describe("GEN_AI: a call without a response id", () => {
  const anonymous = { "gen_ai.response.id": undefined };

  test("has the same identity when it is sent again", () => {
    expect(call(anonymous).id).toBe(
      "gen-ai:checkout-bot:conv_5j66:1795298560826000000:anthropic:claude-sonnet-4-5-20250929:123-20000-1000-0-456-56",
    );
    expect(call(anonymous)).toEqual(call(anonymous));
  });

  test("is another call a nanosecond later, as a service makes many at once", () => {
    const later = call(anonymous, { timeUnixNano: "1795298560826000001" });

    expect(later.id).not.toBe(call(anonymous).id);
  });
});

describe("GEN_AI: what is rejected, with its path", () => {
  test.each<[string, Overrides, string]>([
    [
      "gen_ai.usage.input_tokens",
      { "gen_ai.usage.input_tokens": 20_999 },
      "must include the cached tokens, 21000, got 20999",
    ],
    [
      "gen_ai.usage.prompt_tokens",
      { "gen_ai.usage.input_tokens": undefined, "gen_ai.usage.prompt_tokens": 5 },
      "must include the cached",
    ],
    [
      "gen_ai.usage.output_tokens",
      { "gen_ai.usage.output_tokens": 55 },
      "must include the reasoning tokens, 56, got 55",
    ],
    ["gen_ai.usage.output_tokens", { "gen_ai.usage.output_tokens": undefined }, "must be given"],
    ["gen_ai.usage.input_tokens", { "gen_ai.usage.input_tokens": undefined }, "must be given"],
    ["gen_ai.provider.name", { "gen_ai.provider.name": undefined }, "must be given"],
    [
      "gen_ai.request.model",
      { "gen_ai.request.model": undefined, "gen_ai.response.model": undefined },
      "must be given",
    ],
    ["gen_ai.response.id", { "gen_ai.response.id": "r".repeat(257) }, "1 to 256 characters"],
  ])("%s", (field, overrides, message) => {
    expect(read(overrides)).toEqual({
      kind: "rejected",
      path: `${RECORD_PATH}.attributes.${field}`,
      message: expect.stringContaining(message),
    });
  });
});
