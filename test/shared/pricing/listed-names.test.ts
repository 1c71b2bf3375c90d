import { describe, expect, test } from "vitest";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";

const book = genaiPriceBook();

/** What a million tokens of uncached input cost, in thousandths of a USD. */
function inputPrice(provider: string, model: string): number | undefined {
  const tokens = { ...NO_TOKENS, uncachedInput: 100_000 };
  const cost = book.listCost({
    tool: "any",
    provider,
    model,
    timeMs: Date.UTC(2026, 10, 21),
    tokens,
  });
  return cost === undefined ? undefined : Number(cost / 100_000n);
}

describe("listedNames", () => {
  test.each([
    ["anthropic", "Claude-Sonnet-4-5", 3000],
    ["anthropic", "claude-sonnet-4-5[1m]", 3000],
    ["anthropic", "anthropic/claude-sonnet-4-5", 3000],
    ["anthropic", "claude-sonnet-4-5-20250929", 3000],
    ["google", "claude-sonnet-4-5@20250929", 3000],
    ["google", "models/gemini-2.5-pro", 1250],
    ["google", "vertex_ai/gemini-2.5-pro", 1250],
    ["openai", "openai/gpt-5", 1250],
    ["openai", "gpt-5.1-codex-2025-11-13", 1250],
    ["x-ai", "xai/grok-4", 3000],
    ["azure", "azure/gpt-5", 1250],
  ])("finds the price of %s %s", (provider, model, price) => {
    expect(inputPrice(provider, model)).toBe(price);
  });

  test.each([
    ["aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", 3300],
    ["aws", "bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0", 3300],
    ["bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", 3300],
    ["aws", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", 3000],
    // A client that does not say that Bedrock served it.
    ["anthropic", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", 3300],
  ])("prices the Bedrock id %s %s by its region", (provider, model, price) => {
    expect(inputPrice(provider, model)).toBe(price);
  });

  test.each([
    // Another provider's prefix: who resells a model has prices of their own.
    ["aws", "openai/gpt-5"],
    ["unknown", "anthropic/claude-sonnet-4-5"],
    ["kiro", "claude-sonnet-4.5"],
    ["anthropic", "claude-sonnet-9"],
    ["cursor", "composer-1"],
  ])("does not guess the price of %s %s", (provider, model) => {
    expect(inputPrice(provider, model)).toBeUndefined();
  });
});
