import type { CostLine } from "../ledger/roll-ups.ts";
import type { NanoUsd } from "../money/nano-usd.ts";
import { addTokens, NO_TOKENS, type TokenBuckets } from "../usage/usage-event.ts";

/** What one model was used for. */
export type ModelUse = {
  readonly costNanoUsd: NanoUsd;
  /** Tokens as they would weigh without any caching. */
  readonly plainTokens: number;
  /** Tokens by their relative price, cache reads and writes included. */
  readonly pricedTokens: number;
};

/** How money was used up: by how many calls, of which models, with how many tokens. */
export type UsageProfile = {
  readonly costNanoUsd: NanoUsd;
  readonly calls: number;
  /** By provider and model. Lines without token counts are only in `costNanoUsd` and `calls`. */
  readonly models: ReadonlyMap<string, ModelUse>;
};

/**
 * Price of a token relative to one of uncached input: the ratios that the price list has for Claude
 * Sonnet 4.5, which a test compares. Other models differ. They tell caching from prices, and never make
 * an amount of money.
 */
const RELATIVE_PRICE = {
  uncachedInput: 1,
  cacheRead: 0.1,
  cacheWrite5m: 1.25,
  cacheWrite1h: 2,
  output: 5,
} as const;

/** Tokens by their relative price. */
export function pricedTokens(tokens: TokenBuckets): number {
  return (
    RELATIVE_PRICE.uncachedInput * tokens.uncachedInput +
    RELATIVE_PRICE.cacheRead * tokens.cacheRead +
    RELATIVE_PRICE.cacheWrite5m * tokens.cacheWrite5m +
    RELATIVE_PRICE.cacheWrite1h * tokens.cacheWrite1h +
    RELATIVE_PRICE.output * tokens.output
  );
}

/** The same, had nothing been read from or written to a cache. */
export function plainTokens(tokens: TokenBuckets): number {
  return inputTokens(tokens) + RELATIVE_PRICE.output * tokens.output;
}

/** All that the model was given to read, cached or not. */
export function inputTokens(tokens: TokenBuckets): number {
  return tokens.uncachedInput + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h;
}

/** Sums cost lines into one profile; whole tokens first, so that their order does not matter. */
export function usageProfile(lines: readonly CostLine[]): UsageProfile {
  const models = new Map<string, { costNanoUsd: NanoUsd; tokens: TokenBuckets }>();
  let costNanoUsd = 0n;
  let calls = 0;
  for (const line of lines) {
    costNanoUsd += line.costNanoUsd;
    calls += line.calls;
    if (plainTokens(line.tokens) > 0) {
      const key = `${line.provider} ${line.model}`;
      const known = models.get(key);
      models.set(key, {
        costNanoUsd: (known?.costNanoUsd ?? 0n) + line.costNanoUsd,
        tokens: addTokens(known?.tokens ?? NO_TOKENS, line.tokens),
      });
    }
  }
  return {
    costNanoUsd,
    calls,
    models: new Map(
      [...models].map(([model, use]) => [
        model,
        {
          costNanoUsd: use.costNanoUsd,
          plainTokens: plainTokens(use.tokens),
          pricedTokens: pricedTokens(use.tokens),
        },
      ]),
    ),
  };
}
