import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixture, type RunningStack, runStack } from "../support/running-stack.ts";
import { exportLogs } from "../support/telemetry-client.ts";

/** What each body adds: one call, with its tokens and its list cost, worked out apart from this code. */
const SAMPLES = [
  ["codex/logs.json", 5000 + 300, 4_750_000n],
  ["gemini-cli/logs.json", 5000 + 300 + 120, 5_950_000n],
  ["cursor/otel.logs.json", 1200 + 900 + 54_000 + 3000, 0n],
  ["otel-genai/inference-details.logs.json", 21_123 + 456, 16_959_000n],
] as const;
const METRICS = [
  "codex/metrics-delta-histogram.json",
  "cursor/otel.metrics.json",
  "otel-genai/token-usage.metrics.json",
];
const TOTAL = {
  entries: SAMPLES.length,
  calls: SAMPLES.length,
  tokens: SAMPLES.reduce((sum, [, tokens]) => sum + tokens, 0),
  costNanoUsd: SAMPLES.reduce((sum, [, , cost]) => sum + cost, 0n),
};

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterAll(() => stack.host.close());

/** The call of Cursor's sample as its own export sends it: protobuf, by the OpenTelemetry SDK. */
async function cursorRequest(): Promise<readonly ReadableLogRecord[]> {
  const memory = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": "cursor", "cursor.user.id": 998_877 }),
    processors: [new SimpleLogRecordProcessor({ exporter: memory })],
  });
  provider.getLogger("cursor.telemetry", "0.1.0").emit({
    timestamp: 1_795_300_000_000,
    body: "api_request",
    attributes: {
      "cursor.event.id": "evt_01HZX3M7Q9",
      "cursor.conversation.id": "4a0b9a7e-8b63-49b4-9f5b-9a7f0f3d1e21",
      "cursor.model.name": "claude-4.5-sonnet",
      "cursor.api.request.input_tokens": 1200,
      "cursor.api.request.output_tokens": 900,
      "cursor.api.request.cache_read_tokens": 54_000,
      "cursor.api.request.cache_creation_tokens": 3000,
    },
  });
  await provider.forceFlush();
  return memory.getFinishedLogRecords();
}

describe("the logs of other senders", () => {
  test.each(SAMPLES)("%s, sent twice, is one call in the ledger", async (file, tokens, cost) => {
    const before = await stack.ledger();

    for (const _ of ["first", "again"]) {
      const answer = await stack.post("/v1/logs", fixture(file));
      expect([answer.status, await answer.json()]).toEqual([200, {}]);
    }

    const after = await stack.ledger();
    expect({
      entries: after.entries - before.entries,
      calls: after.calls - before.calls,
      tokens: after.tokens - before.tokens,
      costNanoUsd: after.costNanoUsd - before.costNanoUsd,
    }).toEqual({ entries: 1, calls: 1, tokens, costNanoUsd: cost });
  });

  test("add nothing when the same call comes in protobuf and gzip", async () => {
    const receiver = { url: stack.host.apiUrl, senderKey: stack.senderKey };

    await exportLogs(receiver, "protobuf+gzip", await cursorRequest());

    expect(await stack.ledger()).toEqual(TOTAL);
  });

  test.each(METRICS)("are not counted again by the metrics of %s", async (file) => {
    for (const _ of ["first", "again"]) {
      const answer = await stack.post("/v1/metrics", fixture(file));
      expect([answer.status, await answer.json()]).toEqual([200, {}]);
    }

    // Windows are kept, for days on which no log comes.
    expect(await stack.ledger()).toEqual({ ...TOTAL, entries: expect.any(Number) });
  });

  test("are in the roll-ups with the same cost, and leave no prompt, command line or host behind", async () => {
    await stack.host.idle();

    expect(await stack.rolledUpNanoUsd()).toBe(TOTAL.costNanoUsd);
    const kept = [await stack.everythingStored(), ...stack.host.logs()].join("\n");
    expect(kept).toContain("gpt-5.1-codex");
    expect(kept).toContain("gemini_cli.api_request");
    expect(kept).not.toMatch(/PROMPT TEXT LEAKS|system prompt|REDACTED|dev-laptop-17|998877/);
  });
});
