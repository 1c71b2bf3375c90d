import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningStack, runStack } from "../support/running-stack.ts";
import {
  collectedMetrics,
  cumulativeExports,
  ENCODINGS,
  exportLogs,
  exportMetrics,
  loggedRequests,
} from "../support/telemetry-client.ts";

const REQUESTS = 40;
/** What Claude Code itself says that such a request costs. */
const REQUEST_NANO_USD = 16_959_000n;

let stack: RunningStack;
let receiver: { url: string; senderKey: string };

beforeAll(async () => {
  stack = await runStack();
  receiver = { url: stack.host.apiUrl, senderKey: stack.senderKey };
});
afterAll(() => stack.host.close());

describe("the OpenTelemetry SDK's own exporters", () => {
  test.each(ENCODINGS)(
    "bring logs to the ledger as %s, and once, however they are encoded and batched",
    async (encoding) => {
      const records = await loggedRequests(REQUESTS);
      const batchSize = 1 + ENCODINGS.indexOf(encoding) * 9;

      for (let at = 0; at < records.length; at += batchSize) {
        await exportLogs(receiver, encoding, records.slice(at, at + batchSize));
      }
      await exportLogs(receiver, encoding, records);

      expect(await stack.ledger()).toMatchObject({
        entries: REQUESTS,
        calls: REQUESTS,
        costNanoUsd: BigInt(REQUESTS) * REQUEST_NANO_USD,
        tokens: REQUESTS * (123 + 456 + 20_000 + 1000),
      });
    },
  );

  test("bring the metrics of a session without logs to the ledger, in any encoding, once", async () => {
    const before = await stack.ledger();
    const metrics = await collectedMetrics();

    for (const encoding of ENCODINGS) {
      await exportMetrics(receiver, encoding, metrics);
    }

    const after = await stack.ledger();
    expect(after.entries - before.entries).toBe(5);
    expect(after.tokens - before.tokens).toBe(123 + 456 + 20_000 + 1000);
    expect(after.costNanoUsd - before.costNanoUsd).toBe(REQUEST_NANO_USD);
  });

  test("bring cumulative metrics once, however often they say the same and more, in any order", async () => {
    const before = await stack.ledger();
    const exports = await cumulativeExports(4);
    expect(exports).toHaveLength(4);

    for (const encoding of ENCODINGS) {
      for (const at of [2, 0, 3, 1]) {
        await exportMetrics(receiver, encoding, exports[at] ?? (await collectedMetrics()));
      }
    }

    const after = await stack.ledger();
    expect(after.entries - before.entries).toBe(4 * 5);
    expect(after.tokens - before.tokens).toBe(4 * (123 + 456 + 20_000 + 1000));
    expect(after.costNanoUsd - before.costNanoUsd).toBe(4n * REQUEST_NANO_USD);
    expect(stack.host.metrics.get("Quarantined") ?? 0).toBe(0);
  });

  test("are told in their own encoding when their key is not known", async () => {
    const stranger = { ...receiver, senderKey: `${receiver.senderKey.slice(0, -1)}x` };

    await expect(exportLogs(stranger, "protobuf", await loggedRequests(1))).rejects.toThrow(
      /Forbidden|403/,
    );
  });

  test("leave nothing uncounted: received is committed, duplicate, quarantined and rejected", async () => {
    await stack.host.idle();
    const count = (name: string) => stack.host.metrics.get(name) ?? 0;

    expect(count("Received")).toBeGreaterThan(REQUESTS * ENCODINGS.length);
    expect(count("Received")).toBe(
      count("Committed") + count("Duplicate") + count("Quarantined") + count("Rejected"),
    );
    expect(await stack.rolledUpNanoUsd()).toBe((await stack.ledger()).costNanoUsd);
  });
});
