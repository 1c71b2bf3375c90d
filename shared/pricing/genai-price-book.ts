import { calcPrice, type ModelPrice } from "@pydantic/genai-prices";
import { dayOf } from "../ledger/calendar.ts";
import {
  type ExactRatio,
  over,
  plus,
  ratioFromListed,
  ratioFromNano,
  roundedNanoUsd,
  times,
  whole,
  ZERO,
} from "../money/exact-ratio.ts";
import type { TokenBuckets } from "../usage/usage-event.ts";
import { crc32 } from "../wire/crc32.ts";
import { priceByRule, ruleFor } from "./configured-prices.ts";
import { usdRates } from "./currency-rates.ts";
import { listedNames } from "./listed-names.ts";
import type { PriceBook, PricedCall } from "./price-book.ts";
import { PriceSettings } from "./price-settings.ts";

/** The release whose data is bundled; a test holds it to the installed package. */
export const GENAI_PRICES_VERSION = "genai-prices@0.1.8";

/** A lookup takes some 70 µs, and a day is folded again with each of its new events. */
const REMEMBERED_CALLS = 20_000;

const TOKENS_OF_A_PRICE = whole(1_000_000);
const CALLS_OF_A_PRICE = whole(1_000);

/**
 * Prices of `@pydantic/genai-prices`: offline, with the history of each model. Before them go the
 * prices that the configuration states.
 */
export function genaiPriceBook(settings: PriceSettings = PriceSettings.parse({})): PriceBook {
  const { rules } = settings;
  const listCost = remembering(exactListCost);
  const tools = { listCost, usdRates: usdRates(settings.rates) };
  return {
    version: versionOf(settings),
    listCost: (call) => {
      const cost = listCost(call);
      return cost && roundedNanoUsd(cost);
    },
    configured: (call) => {
      const rule = ruleFor(rules, call);
      return rule && priceByRule(rule, call, tools);
    },
    inUsd: ({ currency, amountNano }, timeMs) => {
      const rate = tools.usdRates(currency, dayOf(timeMs));
      return rate && roundedNanoUsd(times(ratioFromNano(amountNano), rate));
    },
  };
}

/** The list's release, and a checksum of all that is configured to price calls. */
function versionOf({ rules, rates }: PriceSettings): string {
  if (rules.length + rates.length === 0) {
    return GENAI_PRICES_VERSION;
  }
  const checksum = crc32(JSON.stringify([rules, rates]));
  return `${GENAI_PRICES_VERSION}+${checksum.toString(16).padStart(8, "0")}`;
}

type ExactListCost = (call: PricedCall) => ExactRatio | undefined;

function remembering(cost: ExactListCost): ExactListCost {
  const remembered = new Map<string, ExactRatio | undefined>();
  return (call) => {
    const key = JSON.stringify([call.provider, call.model, call.timeMs, call.tokens]);
    if (!remembered.has(key)) {
      if (remembered.size >= REMEMBERED_CALLS) {
        remembered.clear();
      }
      remembered.set(key, cost(call));
    }
    return remembered.get(key);
  };
}

/**
 * The list's own sum is a floating number, so the call is summed up here, from the decimals that the
 * list wrote down. For a model without a one-hour rate the list would take the five-minute one, which
 * is 37 % too low on Bedrock: such a call has no list cost.
 */
function exactListCost({ provider, model, timeMs, tokens }: PricedCall): ExactRatio | undefined {
  const timestamp = new Date(timeMs);
  for (const name of listedNames({ provider, model })) {
    const found = calcPrice({}, name.model, { providerId: name.provider, timestamp });
    if (found !== null) {
      return sumOf(found.model_price, tokens);
    }
  }
  return undefined;
}

function sumOf(prices: ModelPrice, tokens: TokenBuckets): ExactRatio | undefined {
  const { input_mtok: input, output_mtok: output, cache_read_mtok: read } = prices;
  const { cache_write_mtok: write = input, cache_write_1h_mtok: hour } = prices;
  const parts = [
    [tokens.uncachedInput, input],
    // Where the list has no price for cached tokens, they cost as much as others.
    [tokens.cacheRead, read ?? input],
    [tokens.cacheWrite5m, write],
    [tokens.cacheWrite1h, hour],
    [tokens.output, output],
  ] as const;
  const size = inputOf(tokens);
  const isFree = Object.keys(prices).length === 0;
  let sum = ZERO;
  for (const [count, price] of parts) {
    if (count > 0 && price === undefined && !isFree) {
      return undefined;
    }
    if (count > 0 && price !== undefined) {
      sum = plus(sum, times(whole(count), rateOf(price, size)));
    }
  }
  const perCall = prices["requests_kcount"];
  return plus(
    over(sum, TOKENS_OF_A_PRICE),
    perCall === undefined ? ZERO : over(rateOf(perCall, size), CALLS_OF_A_PRICE),
  );
}

function inputOf({ uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h }: TokenBuckets): number {
  return uncachedInput + cacheRead + cacheWrite5m + cacheWrite1h;
}

/** The tier that the input of this one call reaches holds for each of its tokens. */
function rateOf(price: NonNullable<ModelPrice[string]>, inputTokens: number): ExactRatio {
  if (typeof price === "number") {
    return ratioFromListed(price);
  }
  const reached = price.tiers
    .filter(({ start }) => inputTokens > start)
    .toSorted((a, b) => a.start - b.start)
    .at(-1);
  return ratioFromListed(reached?.price ?? price.base);
}
