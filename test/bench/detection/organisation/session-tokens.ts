import type { Random } from "../../../../infra/demo/random.ts";
import type { PricedModel, SessionTokens } from "./priced-models.ts";

/** Part of a session's cost that goes to each kind of token, in relation to the others. */
export type CostMix = {
  readonly uncachedInput: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
};

/** An agent's session: the context is read again with each call, and written as it grows. Invented. */
export const AGENT_MIX: CostMix = {
  uncachedInput: 0.08,
  cacheRead: 0.42,
  cacheWrite: 0.28,
  output: 0.22,
};

const MIX_SIGMA = 0.22;

/**
 * Tokens whose list cost is `usd`, but for rounding to whole tokens: the mix, with noise for each of
 * its parts. A model that writes no cache at a price of its own gets these tokens as plain input.
 */
export function tokensWorth(
  random: Random,
  model: PricedModel,
  usd: number,
  mix: CostMix = AGENT_MIX,
): SessionTokens {
  const noisy = {
    uncachedInput: random.logNormal(mix.uncachedInput, MIX_SIGMA),
    cacheRead: random.logNormal(mix.cacheRead, MIX_SIGMA),
    cacheWrite: random.logNormal(mix.cacheWrite, MIX_SIGMA),
    output: random.logNormal(mix.output, MIX_SIGMA),
  };
  const total = noisy.uncachedInput + noisy.cacheRead + noisy.cacheWrite + noisy.output;
  const nanoOf = (part: number) => (usd * 1e9 * part) / total;
  const isWriter = model.provider === "anthropic";
  const uncached = noisy.uncachedInput + (isWriter ? 0 : noisy.cacheWrite);
  return {
    uncachedInput: Math.round(nanoOf(uncached) / model.rates.uncachedInput),
    cacheRead: Math.round(nanoOf(noisy.cacheRead) / model.rates.cacheRead),
    cacheWrite5m: isWriter ? Math.round(nanoOf(noisy.cacheWrite) / model.rates.cacheWrite5m) : 0,
    output: Math.round(nanoOf(noisy.output) / model.rates.output),
  };
}

export function scaledTokens(tokens: SessionTokens, factor: number): SessionTokens {
  return {
    uncachedInput: Math.round(tokens.uncachedInput * factor),
    cacheRead: Math.round(tokens.cacheRead * factor),
    cacheWrite5m: Math.round(tokens.cacheWrite5m * factor),
    output: Math.round(tokens.output * factor),
  };
}
