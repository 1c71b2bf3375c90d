import { describe, expect, test } from "vitest";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { callCost } from "../../../shared/pricing/price-book.ts";
import { usageFromLitellm } from "../../../shared/usage/litellm.ts";
import { aLitellmPayload } from "../../support/litellm-payloads.ts";

const book = genaiPriceBook();

function read(overrides: Parameters<typeof aLitellmPayload>[0]) {
  const [event] = usageFromLitellm([{ kind: "value", value: aLitellmPayload(overrides) }], {
    nowMs: Date.UTC(2026, 10, 22),
    maySend: () => true,
  }).accepted;
  if (event === undefined) {
    throw new Error("the payload must be one that is accepted");
  }
  return event;
}

const usageOf = (prompt_tokens: number, completion_tokens: number, more: object) => ({
  prompt_tokens,
  completion_tokens,
  total_tokens: prompt_tokens + completion_tokens,
  ...more,
});

describe("what LiteLLM is known to price wrongly", () => {
  // BerriAI/litellm issue 11364, comment of 2026-01-19: LiteLLM says 0.047080 USD.
  const heavilyCached = usageOf(98_805, 5_120, {
    prompt_tokens_details: { cached_tokens: 66_360, cache_creation_tokens: 32_435 },
    cache_read_input_tokens: 66_360,
    cache_creation_input_tokens: 32_435,
  });

  test("cache reads are charged as such, not as input", () => {
    const event = read({ usage: heavilyCached, model: "claude-opus-4-5", response_cost: 0.04708 });

    expect(event.tokens).toMatchObject({
      uncachedInput: 10,
      cacheRead: 66_360,
      cacheWrite5m: 32_435,
      output: 5_120,
    });
    // 10 x 5 + 66,360 x 0.5 + 32,435 x 6.25 + 5,120 x 25 USD a million.
    expect(callCost(book, event)).toEqual({ basis: "list", costNanoUsd: 363_948_750n });
  });

  test("cache reads of a streamed call are charged as such, though the details say 0", () => {
    // Issue 11789: LiteLLM says 0.002059 USD, about ten times too much.
    const usage = usageOf(2_459, 23, {
      prompt_tokens_details: { cached_tokens: 0 },
      cache_read_input_tokens: 2_455,
      cache_creation_input_tokens: 0,
    });

    expect(read({ usage }).tokens).toMatchObject({ uncachedInput: 4, cacheRead: 2_455 });
  });

  test("every cache write of a streamed call with server tools is charged, not only the first", () => {
    // Issue 42663: the lifetimes are of the first step, the total is of all.
    const usage = usageOf(734_311, 1_000, {
      cache_read_input_tokens: 426_653,
      cache_creation_input_tokens: 184_457,
      prompt_tokens_details: {
        cache_creation_token_details: {
          ephemeral_5m_input_tokens: 31_490,
          ephemeral_1h_input_tokens: 0,
        },
      },
    });
    const event = read({ usage, model: "claude-opus-4-5" });

    expect(event.tokens).toMatchObject({
      uncachedInput: 123_201,
      cacheRead: 426_653,
      cacheWrite5m: 184_457,
      cacheWrite1h: 0,
    });
    // 123,201 x 5 + 426,653 x 0.5 + 184,457 x 6.25 + 1,000 x 25 USD a million.
    expect(callCost(book, event)).toEqual({ basis: "list", costNanoUsd: 2_007_187_750n });
  });

  const hourLong = usageOf(9_650, 100, {
    cache_creation_input_tokens: 9_634,
    prompt_tokens_details: {
      cache_creation_tokens: 9_634,
      cache_creation_token_details: {
        ephemeral_5m_input_tokens: 0,
        ephemeral_1h_input_tokens: 9_634,
      },
    },
  });

  test("hour-long writes cost the hour's rate where the price book has one", () => {
    const event = read({ usage: hourLong, model: "claude-opus-4-5" });

    expect(event.tokens).toMatchObject({ uncachedInput: 16, cacheWrite5m: 0, cacheWrite1h: 9_634 });
    // 16 x 5 + 9,634 x 10 + 100 x 25 USD a million.
    expect(callCost(book, event)).toEqual({ basis: "list", costNanoUsd: 98_920_000n });
  });

  test("hour-long writes on Bedrock, of which the book has no rate, are never priced at five minutes'", () => {
    // BerriAI/litellm pull 36762: at the five-minute rate such a write is 37 % too cheap.
    const bedrock = {
      usage: hourLong,
      custom_llm_provider: "bedrock",
      model: "bedrock/us.anthropic.claude-opus-4-5-20251101-v1:0",
    };

    expect(callCost(book, read({ ...bedrock, response_cost: 0.1 }))).toEqual({
      basis: "reported",
      costNanoUsd: 100_000_000n,
    });
    expect(callCost(book, read({ ...bedrock, response_cost: 0 }))).toEqual({ basis: "unpriced" });
  });
});

describe("the buckets of a call", () => {
  test.each([
    ["no usage object", null, { uncachedInput: 21_123, cacheRead: 0, cacheWrite5m: 0 }],
    [
      "OpenAI's form, with cached tokens in the details only",
      { prompt_tokens_details: { cached_tokens: 1_920, cache_write_tokens: 100 } },
      { uncachedInput: 19_103, cacheRead: 1_920, cacheWrite5m: 100 },
    ],
    [
      "writes of both lifetimes and no total",
      {
        prompt_tokens_details: {
          cache_creation_token_details: {
            ephemeral_5m_input_tokens: 7,
            ephemeral_1h_input_tokens: 3,
          },
        },
      },
      { uncachedInput: 21_113, cacheWrite5m: 7, cacheWrite1h: 3 },
    ],
    [
      "earlier releases, whose prompt leaves out what was written",
      { cache_read_input_tokens: 21_000, cache_creation_input_tokens: 1_253 },
      { uncachedInput: 123, cacheRead: 21_000, cacheWrite5m: 1_253 },
    ],
    [
      "a prompt that leaves out all that is cached",
      { cache_read_input_tokens: 50_000, cache_creation_input_tokens: 1_253 },
      { uncachedInput: 21_123, cacheRead: 50_000, cacheWrite5m: 1_253 },
    ],
  ])("from %s", (_, usage_object, expected) => {
    expect(read({ metadata: { usage_object } }).tokens).toMatchObject(expected);
  });

  test("reasoning is part of the output, and is added if the total shows that it is not", () => {
    const details = { completion_tokens_details: { reasoning_tokens: 609 } };
    const within = usageOf(19_693, 616, details);
    const onTop = { ...within, completion_tokens: 7 };

    expect(read({ usage: within }).tokens).toMatchObject({ output: 616, reasoning: 609 });
    expect(read({ usage: onTop }).tokens).toMatchObject({ output: 616, reasoning: 609 });
  });
});
