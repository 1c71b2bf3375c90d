import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as full from "@pydantic/genai-prices";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  KEPT_PROVIDERS,
  UnexpectedPriceModuleError,
  withKeptPrices,
} from "../../../infra/bundle/price-data.ts";

const source = readFileSync("node_modules/@pydantic/genai-prices/dist/index.js", "utf8");

/** Days and hours on both sides of the dated and the time-of-day prices in the data. */
const TIMES = [
  "2024-06-01T12:00:00Z",
  "2025-08-20T03:00:00Z",
  "2026-03-15T20:30:00Z",
  "2026-11-20T12:00:00Z",
].map((time) => new Date(time));
const NOW = new Date("2026-11-20T12:00:00Z");

const USAGE: full.Usage = {
  input_tokens: 310_000,
  cache_read_tokens: 100_000,
  cache_write_tokens: 9_000,
  cache_write_1h_tokens: 1_000,
  output_tokens: 12_345,
};

let folder: string;
let reduced: typeof full;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "outpace-prices-"));
  const file = join(folder, "prices.mjs");
  writeFileSync(file, withKeptPrices(source));
  reduced = await import(pathToFileURL(file).href);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function priceBy(
  { calcPrice }: typeof full,
  providerId: string,
  model: string,
  timestamp: Date,
): unknown {
  try {
    const price = calcPrice(USAGE, model, { providerId, timestamp });
    return price && [price.model.id, ...[price.input_price, price.output_price].map(significant)];
  } catch (error) {
    return String(error);
  }
}

/** The order in which a floating sum is added up shows in its last digits. */
function significant(amount: number): string {
  return amount.toPrecision(12);
}

describe("withKeptPrices", () => {
  test.each(KEPT_PROVIDERS)(
    "every model of %s costs the same as by the whole package, at every time",
    (providerId) => {
      const models = full.findProvider({ providerId })?.models ?? [];

      for (const { id } of models) {
        for (const time of TIMES) {
          expect(priceBy(reduced, providerId, id, time)).toEqual(
            priceBy(full, providerId, id, time),
          );
        }
      }

      expect(models.length).toBeGreaterThan(0);
    },
  );

  test("dated names and names by another provider's rules resolve alike", () => {
    const calls = [
      ["anthropic", "claude-sonnet-4-5-20250929"],
      ["aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"],
      ["gcp.vertex_ai", "claude-opus-4-1@20250805"],
      ["azure", "gpt-4o-2024-08-06"],
      ["openai", "a-model-that-nobody-has-heard-of"],
    ] as const;

    const prices = calls.map(([provider, model]) => priceBy(reduced, provider, model, NOW));

    expect(prices).toEqual(calls.map(([provider, model]) => priceBy(full, provider, model, NOW)));
    expect(prices.filter((price) => price === null)).toHaveLength(1);
  });

  test("a provider that is left out has no price, rather than the price of a namesake", () => {
    const viaHuggingFace = priceBy(reduced, "huggingface_cerebras", "llama-3.3-70b", NOW);
    const viaOpenRouter = priceBy(reduced, "openrouter", "openai/gpt-4o", NOW);

    expect([viaHuggingFace, viaOpenRouter]).toEqual([null, null]);
  });

  test("what remains is less than a quarter of the module", () => {
    expect(withKeptPrices(source).length).toBeLessThan(source.length / 4);
  });

  test.each([
    ["another first statement", (text: string) => `"use strict";\n${text}`],
    ["data that does not end", (text: string) => text.replace("\n], ", "\n]; var ")],
    [
      "a provider that is gone",
      (text: string) => text.replace('    id: "anthropic",', "    id: x,"),
    ],
  ])("%s fails the build, so that no bundle is without prices", (_, change) => {
    expect(() => withKeptPrices(change(source))).toThrow(UnexpectedPriceModuleError);
  });
});
