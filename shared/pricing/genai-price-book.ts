import { calcPrice } from "@pydantic/genai-prices";
import { type NanoUsd, nanoUsdFromNumber } from "../money/nano-usd.ts";
import type { PriceBook, PricedCall } from "./price-book.ts";

/** The release whose data is bundled; a test holds it to the installed package. */
export const GENAI_PRICES_VERSION = "genai-prices@0.1.8";

/** A lookup takes some 70 µs, and a day is folded again with each of its new events. */
const REMEMBERED_CALLS = 20_000;

/**
 * Prices of `@pydantic/genai-prices`: offline, with the history of each model.
 *
 * Its `input_tokens` include cache reads and writes, and its cache writes include the one-hour part.
 * For a model without a one-hour rate it would take the five-minute one, which is 37 % too low on
 * Bedrock: such a call has no list cost.
 */
export function genaiPriceBook(): PriceBook {
  const remembered = new Map<string, NanoUsd | undefined>();
  return {
    version: GENAI_PRICES_VERSION,
    listCost: (call) => {
      const key = JSON.stringify([call.provider, call.model, call.timeMs, call.tokens]);
      if (!remembered.has(key)) {
        if (remembered.size >= REMEMBERED_CALLS) {
          remembered.clear();
        }
        remembered.set(key, listCost(call));
      }
      return remembered.get(key);
    },
  };
}

function listCost({ provider, model, timeMs, tokens }: PricedCall): NanoUsd | undefined {
  const cacheWrite = tokens.cacheWrite5m + tokens.cacheWrite1h;
  const price = calcPrice(
    {
      input_tokens: tokens.uncachedInput + tokens.cacheRead + cacheWrite,
      cache_read_tokens: tokens.cacheRead,
      cache_write_tokens: cacheWrite,
      cache_write_1h_tokens: tokens.cacheWrite1h,
      output_tokens: tokens.output,
    },
    model,
    { providerId: provider, timestamp: new Date(timeMs) },
  );
  if (price === null) {
    return undefined;
  }
  const lacksRate =
    tokens.cacheWrite1h > 0 && price.model_price["cache_write_1h_mtok"] === undefined;
  return lacksRate ? undefined : nanoUsdFromNumber(price.total_price);
}
