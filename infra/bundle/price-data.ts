import { readFile } from "node:fs/promises";
import {
  findProvider,
  type ModelInfo,
  type ModelPrice,
  type Provider,
} from "@pydantic/genai-prices";
import type { Plugin } from "esbuild";

/**
 * Providers whose prices are bundled. Left out are marketplaces that resell the same models, of
 * which OpenRouter alone is a quarter of the data: their calls count as unpriced, and alarm, unless
 * the sender states a cost.
 */
export const KEPT_PROVIDERS = [
  "anthropic",
  "aws",
  "azure",
  "cerebras",
  "cohere",
  "cursor",
  "deepseek",
  "fireworks",
  "github-copilot",
  "google",
  "groq",
  "minimax",
  "mistral",
  "moonshotai",
  "openai",
  "perplexity",
  "together",
  "x-ai",
  "zai",
  "zhipuai",
] as const;

// The package's module starts with the literal of its data; the next declaration follows.
const DATA_START = "const E = [\n";
const DATA_END = "\n], ";
const PROVIDER_ID = /^ {4}id: "([^"]+)",$/gm;

/** The module of `@pydantic/genai-prices` is not built as it was when this was written. */
export class UnexpectedPriceModuleError extends Error {
  override readonly name = "UnexpectedPriceModuleError";

  constructor(expected: string) {
    super(
      `@pydantic/genai-prices: expected ${expected}; look at its dist/index.js and adapt infra/bundle/price-data.ts`,
    );
  }
}

/** Keeps in the bundles only the price data that pricing a call reads: a third of a megabyte less. */
export function priceData(): Plugin {
  return {
    name: "price-data",
    setup: (build) => {
      build.onLoad({ filter: /genai-prices\/dist\/index\.js$/ }, async ({ path }) => ({
        contents: withKeptPrices(await readFile(path, "utf8")),
        loader: "js",
      }));
    },
  };
}

/**
 * The package's module with the prices of {@link KEPT_PROVIDERS} only.
 *
 * @throws {UnexpectedPriceModuleError} so that a build fails rather than ships no prices.
 */
export function withKeptPrices(source: string): string {
  if (!source.startsWith(DATA_START)) {
    throw new UnexpectedPriceModuleError(`the module to start with ${JSON.stringify(DATA_START)}`);
  }
  const end = source.indexOf(DATA_END);
  if (end === -1) {
    throw new UnexpectedPriceModuleError(`the data to end with ${JSON.stringify(DATA_END)}`);
  }
  const ids = [...source.slice(0, end).matchAll(PROVIDER_ID)].map(([, id = ""]) => id);
  const missing = KEPT_PROVIDERS.find((id) => !ids.includes(id));
  if (missing !== undefined) {
    throw new UnexpectedPriceModuleError(`a provider with the id ${missing}`);
  }
  const providers = ids.map((id) => reduced(id, new Set(KEPT_PROVIDERS)));
  return `${PRICES_OF}const E = ${withShortPrices(providers)}${source.slice(end + DATA_END.indexOf(","))}`;
}

// A provider that is not kept stays, without models: else a call through it could be taken for a
// call to another whose name it contains, and be priced wrongly instead of not at all.
function reduced(id: string, kept: ReadonlySet<string>): Omit<Provider, "name"> {
  const provider = findProvider({ providerId: id });
  if (provider?.id !== id || provider.models.length === 0) {
    throw new UnexpectedPriceModuleError(`prices of the provider ${id}`);
  }
  const { api_pattern, model_match, provider_match, fallback_model_providers } = provider;
  if (kept.has(id) && fallback_model_providers?.some((other) => !kept.has(other))) {
    throw new UnexpectedPriceModuleError(`all that ${id} falls back on to be kept`);
  }
  return {
    id,
    api_pattern,
    models: kept.has(id) ? provider.models.map(pricesOf) : [],
    ...(model_match && { model_match }),
    ...(provider_match && { provider_match }),
    ...(kept.has(id) && fallback_model_providers && { fallback_model_providers }),
  };
}

/** What calls are priced by: we know of no searches, audio or pages. */
const KEPT_PRICES = [
  "input_mtok",
  "output_mtok",
  "cache_read_mtok",
  "cache_write_mtok",
  "cache_write_1h_mtok",
  "requests_kcount",
] as const;

// Prices without their names, which are most of the data, and are put back when the module is loaded.
const PRICES_OF = `const pricesOf = (...values) => Object.fromEntries(
  ${JSON.stringify(KEPT_PRICES)}.map((name, i) => [name, values[i]]).filter(([, value]) => value != null),
);
`;

function withShortPrices(providers: readonly Omit<Provider, "name">[]): string {
  const isShort = (value: unknown): value is ModelPrice =>
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.keys(value).every((key) => KEPT_PRICES.some((name) => name === key));
  const calls: string[] = [];
  const text = JSON.stringify(providers, (_, value: unknown) => {
    if (!isShort(value)) {
      return value;
    }
    const values = KEPT_PRICES.map((name) => value[name] ?? null);
    calls.push(`pricesOf(${JSON.stringify(values.slice(0, lastGiven(values) + 1)).slice(1, -1)})`);
    return `pricesOf ${calls.length - 1}`;
  });
  return text.replaceAll(/"pricesOf (\d+)"/g, (_, index: string) => calls[Number(index)] ?? "");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function lastGiven(values: readonly unknown[]): number {
  return values.findLastIndex((value) => value !== null);
}

function pricesOf({ id, match, prices }: ModelInfo): ModelInfo {
  return {
    id,
    match,
    prices: Array.isArray(prices)
      ? prices.map((dated) => ({ ...dated, prices: keptPrices(dated.prices) }))
      : keptPrices(prices),
  };
}

// A model without a price for tokens keeps what it has: without any price it would pass as free.
function keptPrices(prices: ModelPrice): ModelPrice {
  const kept = KEPT_PRICES.filter((name) => prices[name] !== undefined);
  return kept.length === 0 ? prices : Object.fromEntries(kept.map((name) => [name, prices[name]]));
}
