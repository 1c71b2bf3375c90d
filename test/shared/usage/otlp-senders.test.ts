import { describe, expect, test } from "vitest";
import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { countedEntries } from "../../../shared/ledger/counted-entries.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { nanoUsdFromDecimal } from "../../../shared/money/nano-usd.ts";
import { logRecordsOf, metricPointsOf } from "../../../shared/otlp/export-request.ts";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { callCost } from "../../../shared/pricing/price-book.ts";
import type { SentUsage, UsageEvent } from "../../../shared/usage/usage-event.ts";
import { usageFromOtlp } from "../../../shared/usage/usage-from-otlp.ts";
import { fixtureBodies } from "../../support/otlp-bodies.ts";

const context = { nowMs: Date.UTC(2026, 10, 22), hash: identityHash, maySend: () => true };
const asStored = ({ subject: user = "-", ...event }: SentUsage): UsageEvent => ({
  ...event,
  user,
  attribution: "asserted",
});
const tokensIn = ({ tokens }: SentUsage) =>
  tokens.uncachedInput + tokens.cacheRead + tokens.cacheWrite5m + tokens.output;
const logsOf = (file: string) => fixtureBodies(file).flatMap(logRecordsOf);

/** One call each; costs are list prices worked out apart from this code. */
const SAMPLES = [
  ["codex/logs.json", "codex", [1000, 4000, 0, 300, 120], "0.00475"],
  ["gemini-cli/logs.json", "gemini-cli", [1000, 4000, 0, 420, 120], "0.00595"],
  ["cursor/otel.logs.json", "cursor", [1200, 54_000, 3000, 900, 0], undefined],
  [
    "otel-genai/inference-details.logs.json",
    "gen-ai:checkout-bot",
    [123, 20_000, 1000, 456, 0],
    "0.016959",
  ],
] as const;

describe("usageFromOtlp on one captured or documented body of each sender", () => {
  test.each(SAMPLES)("%s is one call of %s, priced once", (file, tool, tokens, usd) => {
    const { accepted, quarantined, rejected } = usageFromOtlp(logsOf(file), context);

    expect([quarantined, rejected]).toEqual([[], []]);
    expect(accepted).toHaveLength(1);
    const [call] = accepted;
    expect(call).toMatchObject({ tool, grain: "request" });
    const counts = call?.tokens;
    expect([
      counts?.uncachedInput,
      counts?.cacheRead,
      counts?.cacheWrite5m,
      counts?.output,
      counts?.reasoning,
    ]).toEqual(tokens);
    expect(accepted.map((event) => callCost(genaiPriceBook(), event))).toEqual([
      usd === undefined
        ? { basis: "unpriced" }
        : { basis: "list", costNanoUsd: nanoUsdFromDecimal(usd) },
    ]);
  });

  test("whatever the order and the batches, and however often, it is the same calls", () => {
    const records = SAMPLES.flatMap(([file]) => logsOf(file));
    const idsOf = (batch: typeof records) =>
      usageFromOtlp(batch, context).accepted.map((event) => JSON.stringify(event));
    const once = idsOf(records);

    const oneByOne = records.toReversed().flatMap((record) => idsOf([record]));
    const twice = idsOf([...records, ...records]);

    expect(new Set(once).size).toBe(SAMPLES.length);
    expect(oneByOne.toSorted()).toEqual(once.toSorted());
    expect(twice).toEqual([...once, ...once]);
  });

  test("each of the other records is counted by its name", () => {
    const ignored = (file: string) =>
      Object.fromEntries(usageFromOtlp(logsOf(file), context).ignored);

    expect(ignored("codex/logs.json")).toMatchObject({ "codex.sse_event": 3, other: 1 });
    expect(ignored("gemini-cli/logs.json")).toMatchObject({
      "gen_ai.client.inference.operation.details": 2,
      "gemini_cli.api_request": 1,
    });
  });

  test("the metrics of Codex name no one, and are counted by name", () => {
    const points = fixtureBodies("codex/metrics-delta-histogram.json").flatMap(metricPointsOf);

    const batch = usageFromOtlp(points, context);

    expect(batch).toMatchObject({ accepted: [], quarantined: [], rejected: [] });
    expect(batch.ignored.get("codex.turn.token_usage")).toBeGreaterThan(0);
  });

  test.each([
    ["cursor/otel.metrics.json", "cursor/otel.logs.json", 5, 59_100, "0.04455"],
    ["otel-genai/token-usage.metrics.json", "otel-genai/inference-details.logs.json", 2, 13_200],
  ])(
    "the metrics of %s count only on a day without logs",
    (metrics, logs, count, tokens, usd = "0") => {
      const windows = usageFromOtlp(
        fixtureBodies(metrics).flatMap(metricPointsOf),
        context,
      ).accepted;
      const calls = usageFromOtlp(logsOf(logs), context).accepted;
      const countedOf = (events: readonly SentUsage[]) =>
        countedEntries("2026-11-21", events.map(asStored), REQUESTS_FIRST).counted;

      expect(countedOf(windows)).toHaveLength(count);
      expect(countedOf([...windows, ...calls]).map(({ grain }) => grain)).toEqual(["request"]);
      expect(windows.reduce((sum, event) => sum + tokensIn(event), 0)).toBe(tokens);
      expect(
        windows.reduce((sum, { reportedCostNanoUsd = 0n }) => sum + reportedCostNanoUsd, 0n),
      ).toBe(nanoUsdFromDecimal(usd));
    },
  );

  test.each([
    ["codex/logs.json", ["[REDACTED]", "dev-laptop-17", "session_telemetry.rs"]],
    ["gemini-cli/logs.json", ["PROMPT TEXT LEAKS HERE", "system prompt", "dev-laptop-17"]],
    ["cursor/otel.logs.json", ["ue_77aa01", "composer"]],
    ["otel-genai/inference-details.logs.json", ["5b8efff798038103d269b633813fc60c"]],
  ])("of %s, %j do not survive: only what a call is made of is read", (file, canaries) => {
    const sent = JSON.stringify(fixtureBodies(file));
    const { ignored, ...batch } = usageFromOtlp(logsOf(file), context);
    const kept = JSON.stringify([batch, [...ignored]]);

    expect(canaries.filter((canary) => !sent.includes(canary))).toEqual([]);
    expect(canaries.filter((canary) => kept.includes(canary))).toEqual([]);
  });

  test.each([
    ["codex/logs.json", "codex"],
    ["gemini-cli/logs.json", "gemini-cli"],
    ["cursor/otel.logs.json", "cursor"],
    ["otel-genai/inference-details.logs.json", "gen-ai"],
  ])("%s wants a key of the source %s, or one for all of OTLP", (file, source) => {
    const withKeyFor = (tool: string) =>
      usageFromOtlp(logsOf(file), { ...context, maySend: (asked) => asked === tool });

    expect(withKeyFor(source).accepted).toHaveLength(1);
    expect(withKeyFor("claude-code")).toMatchObject({
      accepted: [],
      rejected: [expect.anything()],
    });
  });
});
