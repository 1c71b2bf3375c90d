import { readFile } from "node:fs/promises";
import { findProvider, type ModelInfo, type Provider } from "@pydantic/genai-prices";
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
  return `const E = ${JSON.stringify(providers)}${source.slice(end + DATA_END.indexOf(","))}`;
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

function pricesOf({ id, match, prices }: ModelInfo): ModelInfo {
  return { id, match, prices };
}
