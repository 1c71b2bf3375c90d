import { beforeEach, describe, expect, test, vi } from "vitest";
import { sendAlertsHandler } from "../../../functions/send-alerts/send-alerts.ts";
import type { Alert } from "../../../shared/alerts/alert.ts";
import { NotAcceptedError } from "../../../shared/ports/notifier.ts";
import { aSessionAlert, aWindowAlert } from "../../support/alerts.ts";
import { inMemoryAlertOutbox } from "../../support/in-memory-alert-outbox.ts";
import { inMemoryNotifier } from "../../support/in-memory-notifier.ts";
import { outboxInserts } from "../../support/outbox-stream.ts";

const SWEEP = { scheduledTime: "2026-10-12T05:15:00Z" };
const MINUTE_MS = 60_000;
const ENOUGH_TIME = { getRemainingTimeInMillis: () => 60_000 };

const first = aWindowAlert();
const second = aSessionAlert();

async function setup(alerts: readonly Alert[] = [first, second]) {
  const clock = { nowMs: 0 };
  const outbox = inMemoryAlertOutbox();
  const notifier = inMemoryNotifier();
  for (const alert of alerts) {
    await outbox.record(alert, clock.nowMs);
  }
  const send = (event: unknown, context = ENOUGH_TIME) =>
    sendAlertsHandler({ outbox, notifier, nowMs: () => clock.nowMs })(event, context);
  return { clock, outbox, notifier, send };
}

function metricsPrinted(): Record<string, unknown> {
  const lines = vi.mocked(process.stdout.write).mock.calls.map(([line]) => String(line));
  return JSON.parse(lines.findLast((line) => line.includes("_aws")) ?? "{}");
}

beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});

describe("sendAlertsHandler, from the stream", () => {
  test("sends each alert once, and marks it sent with its message ids", async () => {
    const { outbox, notifier, send } = await setup();

    expect(await send(outboxInserts([first, second]))).toEqual({ batchItemFailures: [] });
    expect(notifier.delivered).toEqual([first, second]);
    expect(outbox.sent.get(first.id)).toEqual({
      sentAtMs: 0,
      to: first.owner,
      messageIds: ["message-1"],
    });
    expect(outbox.waiting.size).toBe(0);
    expect(metricsPrinted()).toMatchObject({ AlertsSent: 2, AlertsUncertain: 0 });
  });

  test("the same records again send nothing again", async () => {
    const { notifier, send } = await setup();

    await send(outboxInserts([first, second]));
    await send(outboxInserts([first, second]));

    expect(notifier.delivered).toHaveLength(2);
  });

  test("a refused alert is free again and reported for a retry, which sends it", async () => {
    const { notifier, send } = await setup();
    vi.spyOn(notifier, "alert").mockRejectedValueOnce(new NotAcceptedError("throttled"));

    const answer = await send(outboxInserts([first, second]));
    const retry = await send(outboxInserts([first, second]));

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "100" }] });
    expect(retry).toEqual({ batchItemFailures: [] });
    expect(notifier.delivered.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(notifier.told).toEqual([]);
  });

  test("an alert in doubt goes to the operators once, and is never sent again", async () => {
    const { clock, notifier, send } = await setup();
    vi.spyOn(notifier, "alert").mockRejectedValueOnce(new Error("socket hang up"));

    const answer = await send(outboxInserts([first, second]));
    const metrics = metricsPrinted();
    for (const minutes of [1, 20, 40]) {
      clock.nowMs = minutes * MINUTE_MS;
      await send(SWEEP);
    }

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(metrics).toMatchObject({ AlertsSent: 1, AlertsUncertain: 1 });
    expect(notifier.delivered).toEqual([second]);
    expect(notifier.told).toHaveLength(1);
    expect(notifier.told[0]?.text).toMatch(/socket hang up/);
  });

  test("a record that cannot be read is reported, and does not hold up the next one", async () => {
    const { notifier, send } = await setup();
    const event = outboxInserts([first, second]);
    const [broken] = event.Records;
    Object.assign(broken?.dynamodb?.NewImage ?? {}, { alert: { S: '{"id":"x"}' } });

    expect(await send(event)).toEqual({ batchItemFailures: [{ itemIdentifier: "100" }] });
    expect(notifier.delivered).toEqual([second]);
  });

  test("takes no further alert shortly before its time is over, because being cut off leaves doubt", async () => {
    const { notifier, send } = await setup();
    const remaining = vi.fn().mockReturnValueOnce(60_000).mockReturnValue(10_000);

    const answer = await send(outboxInserts([first, second]), {
      getRemainingTimeInMillis: remaining,
    });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "101" }] });
    expect(notifier.delivered).toEqual([first]);
    expect(notifier.told).toEqual([]);
  });

  test("an event of another kind is an error, not an empty success", async () => {
    const { send } = await setup();

    await expect(send({ detail: {} })).rejects.toThrow();
  });
});

describe("sendAlertsHandler, from the schedule", () => {
  test("sends what the stream never told of", async () => {
    const { outbox, notifier, send } = await setup();

    await send(SWEEP);

    expect(notifier.delivered).toEqual([first, second]);
    expect(outbox.waiting.size).toBe(0);
  });

  test("leaves alone what another worker has just claimed", async () => {
    const { clock, outbox, notifier, send } = await setup();
    await outbox.claim(first.id, clock.nowMs);

    clock.nowMs = 15 * MINUTE_MS - 1;
    await send(SWEEP);

    expect(notifier.delivered).toEqual([second]);
    expect(notifier.told).toEqual([]);
  });

  test("a claim of 15 minutes without a result is in doubt: no worker lives that long", async () => {
    const { clock, outbox, notifier, send } = await setup();
    await outbox.claim(first.id, clock.nowMs);

    clock.nowMs = 15 * MINUTE_MS;
    await send(SWEEP);

    expect(notifier.delivered).toEqual([second]);
    expect(notifier.told[0]?.text).toContain(first.id);
    expect(metricsPrinted()).toMatchObject({ AlertsSent: 1, AlertsUncertain: 1 });
  });

  test("fails after trying all when one was refused, so that Lambda runs it again", async () => {
    const { notifier, send } = await setup();
    vi.spyOn(notifier, "alert").mockRejectedValueOnce(new NotAcceptedError("throttled"));

    await expect(send(SWEEP)).rejects.toMatchObject({
      name: "AlertsNotSentError",
      alertIds: [first.id],
    });
    expect(notifier.delivered).toEqual([second]);
  });

  test("an empty outbox is a quiet success", async () => {
    const { send } = await setup([]);

    expect(await send(SWEEP)).toEqual({ batchItemFailures: [] });
  });
});
