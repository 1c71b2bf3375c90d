import type { PriceBook } from "../../shared/pricing/price-book.ts";
import { NO_TOKENS, type TokenBuckets, type UsageEvent } from "../../shared/usage/usage-event.ts";

/** A usage event of which a test says only what matters to it. */
export function aUsageEvent(
  overrides: Partial<Omit<UsageEvent, "tokens">> & { tokens?: Partial<TokenBuckets> } = {},
): UsageEvent {
  const { tokens, ...rest } = overrides;
  return {
    id: "anthropic:req_1",
    grain: "request",
    timeMs: Date.UTC(2026, 9, 5, 9, 12, 33, 120),
    user: "user-017-pseudonym-aaa",
    attribution: "asserted",
    session: "9d0bbe99-d739-49a1-8651-3907cc2ba04b",
    tool: "claude-code",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    tokens: {
      ...NO_TOKENS,
      uncachedInput: 123,
      cacheRead: 20_000,
      cacheWrite5m: 1000,
      output: 456,
      ...tokens,
    },
    ...rest,
  };
}

/** A price book of one price: an amount a call for each model that it knows. */
export function flatPriceBook(
  prices: Readonly<Record<string, bigint>>,
  version = "flat-1",
): PriceBook {
  return { version, listCost: ({ model }) => prices[model] };
}
