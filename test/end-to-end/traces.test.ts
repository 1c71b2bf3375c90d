import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixture, type RunningStack, runStack } from "../support/running-stack.ts";
import { ENCODINGS } from "../support/telemetry-client.ts";
import { agentRun, exportSpans } from "../support/trace-client.ts";

const CALLS = 12;
/** 123 + 20,000 cached + 1,000 written, 456 out of claude-sonnet-4-5: what Claude Code says that it costs. */
const CALL_NANO_USD = 16_959_000n;
const CALL_TOKENS = 21_123 + 456;

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterAll(() => stack.host.close());

describe("POST /v1/traces", () => {
  test("takes an agent's trace from the SDK's exporters, in any encoding and batch, each call once", async () => {
    const receiver = { url: stack.host.apiUrl, senderKey: stack.senderKey };
    const spans = await agentRun(CALLS);
    expect(spans).toHaveLength(CALLS + 1);

    for (const encoding of ENCODINGS) {
      const size = 1 + ENCODINGS.indexOf(encoding) * 4;
      for (let at = 0; at < spans.length; at += size) {
        await exportSpans(receiver, encoding, spans.slice(at, at + size).toReversed());
      }
    }

    expect(await stack.ledger()).toEqual({
      entries: CALLS,
      calls: CALLS,
      tokens: CALLS * CALL_TOKENS,
      costNanoUsd: BigInt(CALLS) * CALL_NANO_USD,
    });
  });

  test("a call that is a span, and an event, and a log of our own counts once, in whatever order", async () => {
    const before = await stack.ledger();
    const event = JSON.parse(fixture("otel-genai/inference-details.logs.json").toString());
    const record = event.resourceLogs[0].scopeLogs[0].logRecords[0];
    const time = new Date(Number(BigInt(record.timeUnixNano) / 1_000_000n)).toISOString();
    const span = {
      resourceSpans: [
        {
          ...event.resourceLogs[0],
          scopeSpans: [
            {
              spans: [
                {
                  ...record,
                  endTimeUnixNano: record.timeUnixNano,
                  traceId: "5b8efff798038103d269b633813fc60d",
                  spanId: "1000000000000009",
                },
              ],
            },
          ],
        },
      ],
    };
    const item = {
      id: "msg_01SemconvExample",
      time,
      user: "svc-checkout-bot",
      session: "conv_5j66",
      tool: "own-gateway",
      provider: "anthropic",
      model: "claude-sonnet-4-5-20250929",
      tokens: { input: 123, cacheRead: 20_000, cacheWrite5m: 1000, output: 456 },
    };

    for (const [path, body] of [
      ["/v1/usage", [item]],
      ["/v1/traces", span],
      ["/v1/logs", event],
      ["/v1/traces", span],
      ["/v1/usage", [item]],
    ] as const) {
      expect((await stack.post(path, JSON.stringify(body))).status).toBe(200);
    }

    const after = await stack.ledger();
    expect({
      calls: after.calls - before.calls,
      tokens: after.tokens - before.tokens,
      costNanoUsd: after.costNanoUsd - before.costNanoUsd,
    }).toEqual({ calls: 1, tokens: CALL_TOKENS, costNanoUsd: CALL_NANO_USD });
  });

  test("says how many spans it rejects, and which", async () => {
    const body = JSON.parse(fixture("otel-genai/agent-run.traces.json").toString());
    const { spans } = body.resourceSpans[0].scopeSpans[0];
    spans[1].attributes.push({ key: "gen_ai.usage.input_tokens", value: { intValue: "-1" } });

    const answer = await stack.post("/v1/traces", JSON.stringify(body));

    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        partialSuccess: {
          rejectedSpans: "1",
          errorMessage: expect.stringContaining("spans[1].attributes.gen_ai.usage.input_tokens"),
        },
      },
    ]);
  });

  test("leaves nothing of what was said, and rolls up what the ledger holds", async () => {
    await stack.post("/v1/traces", fixture("otel-genai/agent-run.traces.json"));
    await stack.host.idle();

    const kept = [await stack.everythingStored(), ...stack.host.logs()].join("\n");
    expect(kept).toContain("gen-ai:refund-bot");
    expect(kept).not.toMatch(/canary|refunds claude|lookup_order|api\.example\.com/i);
    expect(await stack.rolledUpNanoUsd()).toBe((await stack.ledger()).costNanoUsd);
  });
});
