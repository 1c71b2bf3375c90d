import { genaiPriceBook } from "../../../../shared/pricing/genai-price-book.ts";
import { NO_TOKENS, type TokenBuckets } from "../../../../shared/usage/usage-event.ts";

/** The buckets that the generator fills; hour-long writes and reasoning stay zero. */
export type SessionTokens = {
  readonly uncachedInput: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly output: number;
};

/**
 * A model with a public list price, and the row of `agent-session-statistics.json` that its sessions
 * are drawn from. The board's rows name no model: which row goes with which name is invented.
 */
export type PricedModel = {
  readonly provider: string;
  readonly model: string;
  /** Row of the board, counted from 0. */
  readonly row: number;
  /** List price of one token, nano-USD. */
  readonly rates: SessionTokens;
};

const PRICED_AT = Date.UTC(2026, 9, 1);
/** Of each bucket; small enough for the base tier of every model. */
const SAMPLE_TOKENS = 10_000;

const book = genaiPriceBook();

export const DEAREST = priced("anthropic", "claude-opus-4-1", 0);
export const DEAR = priced("anthropic", "claude-opus-4-5", 1);
export const USUAL = priced("anthropic", "claude-sonnet-4-5", 4);
export const OTHER = priced("openai", "gpt-5", 8);
export const CHEAP = priced("anthropic", "claude-haiku-4-5", 15);

/** Exact list cost of a session, nano-USD: the sum of its tokens at list price. */
export function listCost({ rates }: PricedModel, tokens: SessionTokens): number {
  return (
    tokens.uncachedInput * rates.uncachedInput +
    tokens.cacheRead * rates.cacheRead +
    tokens.cacheWrite5m * rates.cacheWrite5m +
    tokens.output * rates.output
  );
}

function priced(provider: string, model: string, row: number): PricedModel {
  return {
    provider,
    model,
    row,
    rates: {
      uncachedInput: rateOf(provider, model, { uncachedInput: SAMPLE_TOKENS }),
      cacheRead: rateOf(provider, model, { cacheRead: SAMPLE_TOKENS }),
      // Only Anthropic has a price for writing the cache.
      cacheWrite5m:
        provider === "anthropic" ? rateOf(provider, model, { cacheWrite5m: SAMPLE_TOKENS }) : 0,
      output: rateOf(provider, model, { output: SAMPLE_TOKENS }),
    },
  };
}

function rateOf(provider: string, model: string, sample: Partial<TokenBuckets>): number {
  const tokens = { ...NO_TOKENS, ...sample };
  const cost = book.listCost({ tool: "claude-code", provider, model, timeMs: PRICED_AT, tokens });
  if (cost === undefined) {
    throw new RangeError(`the price book does not know ${model}`);
  }
  return Number(cost) / SAMPLE_TOKENS;
}
