import { calcPrice, findProvider } from "@pydantic/genai-prices";
import { describe, expect, test } from "vitest";
import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { KEPT_PROVIDERS } from "../../../infra/bundle/price-data.ts";
import { nanoUsdFromDecimal } from "../../../shared/money/nano-usd.ts";
import { logRecordsOf } from "../../../shared/otlp/export-request.ts";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { NO_TOKENS, type TokenBuckets } from "../../../shared/usage/usage-event.ts";
import { usageFromOtlp } from "../../../shared/usage/usage-from-otlp.ts";
import { fixtureBodies } from "../../support/otlp-bodies.ts";

const book = genaiPriceBook();
const timeMs = Date.UTC(2026, 10, 21);
const claude = { uncachedInput: 123, cacheRead: 20_000, cacheWrite5m: 1000, output: 456 };

describe("genaiPriceBook to the nano-dollar, worked out by hand", () => {
  test.each<[string, string, Partial<TokenBuckets>, string]>([
    // 123 x 3 + 20,000 x 0.3 + 1,000 x 3.75 + 456 x 15 USD a million.
    ["anthropic", "claude-sonnet-4-5", claude, "0.016959"],
    // 1,000 x 1.25 + 4,000 x 0.125 + 300 x 10.
    ["openai", "gpt-5.1-codex", { uncachedInput: 1000, cacheRead: 4000, output: 300 }, "0.00475"],
    // 1,000 x 1.25 + 4,000 x 0.125 + 420 x 10: thoughts are output.
    ["google", "gemini-2.5-pro", { uncachedInput: 1000, cacheRead: 4000, output: 420 }, "0.00595"],
    // Regional: a tenth above global. 123 x 3.3 + 20,000 x 0.33 + 1,000 x 4.125 + 456 x 16.5.
    ["aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", claude, "0.0186549"],
    ["aws", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", claude, "0.016959"],
  ])("%s %s", (provider, model, tokens, usd) => {
    const call = { tool: "any", provider, model, timeMs, tokens: { ...NO_TOKENS, ...tokens } };

    expect(book.listCost(call)).toBe(nanoUsdFromDecimal(usd));
  });

  test("the six calls of the captured burn cost what Claude Code itself said: 5.35275 USD", () => {
    const records = fixtureBodies("claude-code-otel/oauth-user-burn.logs.json").flatMap(
      logRecordsOf,
    );
    const { accepted } = usageFromOtlp(records, {
      nowMs: Date.UTC(2026, 10, 22),
      hash: identityHash,
      maySend: () => true,
    });

    expect(accepted).toHaveLength(6);
    expect(accepted.reduce((sum, call) => sum + (book.listCost(call) ?? 0n), 0n)).toBe(
      5_352_750_000n,
    );
  });

  test("every model of every kept provider comes to the list's own sum, but for its floating error", () => {
    const tokens = {
      uncachedInput: 12_347,
      cacheRead: 210_001,
      cacheWrite5m: 3_011,
      cacheWrite1h: 0,
      output: 997,
      reasoning: 0,
    };
    const usage = {
      input_tokens: 225_359,
      cache_read_tokens: 210_001,
      cache_write_tokens: 3_011,
      output_tokens: 997,
    };
    const wrong = KEPT_PROVIDERS.flatMap((provider) =>
      (findProvider({ providerId: provider })?.models ?? []).flatMap(({ id }) => {
        const listed = calcPrice(usage, id, {
          providerId: provider,
          timestamp: new Date(timeMs),
        });
        const cost = book.listCost({ tool: "any", provider, model: id, timeMs, tokens });
        const isSame =
          listed === null || cost === undefined
            ? cost === undefined
            : Math.abs(Number(cost) - listed.total_price * 1e9) <= 0.51;
        return isSame ? [] : [[provider, id, cost, listed?.total_price]];
      }),
    );

    expect(wrong).toEqual([]);
  });
});
