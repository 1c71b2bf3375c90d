import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  type SendAlertsHandler,
  sendAlertsHandler,
} from "../../../functions/send-alerts/send-alerts.ts";
import type { Alert } from "../../../shared/alerts/alert.ts";
import { NotAcceptedError, type Notifier } from "../../../shared/ports/notifier.ts";
import { aWindowAlert } from "../../support/alerts.ts";
import { crashingPorts, type Fault } from "../../support/crashing-ports.ts";
import { inMemoryAlertOutbox } from "../../support/in-memory-alert-outbox.ts";
import { inMemoryNotifier } from "../../support/in-memory-notifier.ts";
import { outboxInserts } from "../../support/outbox-stream.ts";

const SWEEP = { scheduledTime: "2026-10-12T05:15:00Z" };
const SWEEP_MINUTES = [5, 16, 32, 48];
const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };
const ALERTS = ["alert-1", "alert-2", "alert-3"].map((id) => aWindowAlert({ id }));

/** What the topic does with the second alert, the first time. */
const TOPIC_FAULTS = {
  none: undefined,
  refuses: { delivers: false, error: new NotAcceptedError("throttled") },
  "times out, not delivered": { delivers: false, error: new Error("timeout") },
  "times out, delivered": { delivers: true, error: new Error("timeout") },
} as const;
type TopicFault = keyof typeof TOPIC_FAULTS;

beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});

/** Runs alerts through stream, retries and sweeps, with one fault somewhere on the way. */
async function live(topicFault: TopicFault, fault?: Fault) {
  const clock = { nowMs: 0 };
  const outbox = inMemoryAlertOutbox();
  const notifier = inMemoryNotifier();
  for (const alert of ALERTS) {
    await outbox.record(alert, clock.nowMs);
  }
  const { waiting, sent, record, register, ...ports } = outbox;
  const crashes = crashingPorts(fault);
  const handler = sendAlertsHandler({
    outbox: { ...crashes.wrap(ports), record },
    notifier: crashes.wrap(unreliable(notifier, topicFault)),
    nowMs: () => clock.nowMs,
  });
  const invoke = (event: unknown) => crashes.invoke(() => attempt(handler, event));

  await retryAsLambdaDoes(invoke);
  for (const minutes of SWEEP_MINUTES) {
    clock.nowMs = minutes * 60_000;
    await invoke(SWEEP);
  }
  return { outbox, notifier, calls: crashes.calls() };
}

async function attempt(handler: SendAlertsHandler, event: unknown) {
  try {
    return await handler(event, CONTEXT);
  } catch {
    return "failed" as const;
  }
}

/** A batch that fails or dies comes again, from its first failed record on. */
async function retryAsLambdaDoes(
  invoke: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse | "failed" | "died">,
) {
  let { Records: records } = outboxInserts(ALERTS);
  for (let attempts = 0; attempts < 3 && records.length > 0; attempts += 1) {
    const answer = await invoke({ Records: records });
    if (typeof answer === "object") {
      const [failed] = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      const at = records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === failed);
      records = at < 0 ? [] : records.slice(at);
    }
  }
}

function unreliable(notifier: Notifier, topicFault: TopicFault): Notifier {
  let isFirst = true;
  return {
    operations: notifier.operations,
    alert: async (alert) => {
      const fault = TOPIC_FAULTS[topicFault];
      if (fault === undefined || alert.id !== "alert-2" || !isFirst) {
        return notifier.alert(alert);
      }
      isFirst = false;
      if (fault.delivers) {
        await notifier.alert(alert);
      }
      throw fault.error;
    },
  };
}

function deliveriesOf(alert: Alert, notifier: ReturnType<typeof inMemoryNotifier>): number {
  return notifier.delivered.filter(({ id }) => id === alert.id).length;
}

function wereOperatorsTold(alert: Alert, notifier: ReturnType<typeof inMemoryNotifier>): boolean {
  return notifier.told.some(({ text }) => text.includes(alert.id));
}

/** Every port call of a run, before and after, as an error and as the end of the process. */
async function everyFault(topicFault: TopicFault): Promise<readonly Fault[]> {
  const { calls } = await live(topicFault);
  return Array.from({ length: calls }, (_, index) => index + 1).flatMap((atCall) =>
    (["before", "after"] as const).flatMap((moment) =>
      (["error", "death"] as const).map((kind) => ({ atCall, moment, kind })),
    ),
  );
}

describe.each(Object.keys(TOPIC_FAULTS) as TopicFault[])("if the topic: %s", (topicFault) => {
  test("no crash at any point makes an alert arrive twice", async () => {
    for (const fault of await everyFault(topicFault)) {
      const { notifier } = await live(topicFault, fault);

      const deliveries = ALERTS.map((alert) => deliveriesOf(alert, notifier));
      expect(Math.max(...deliveries), JSON.stringify(fault)).toBe(1);
    }
  });

  test("no crash at any point makes an alert go missing in silence", async () => {
    for (const fault of await everyFault(topicFault)) {
      const { outbox, notifier } = await live(topicFault, fault);

      for (const alert of ALERTS) {
        const isAccountedFor = outbox.sent.has(alert.id)
          ? deliveriesOf(alert, notifier) === 1
          : wereOperatorsTold(alert, notifier);
        expect(isAccountedFor, `${alert.id} ${JSON.stringify(fault)}`).toBe(true);
      }
    }
  });

  test("one crash leaves at most one further alert to the operators: the others are sent", async () => {
    const inDoubtAnyway = topicFault.startsWith("times out") ? 1 : 0;
    for (const fault of await everyFault(topicFault)) {
      const { outbox } = await live(topicFault, fault);

      expect(outbox.waiting.size, JSON.stringify(fault)).toBeLessThanOrEqual(inDoubtAnyway + 1);
    }
  });
});

describe("without a crash", () => {
  test.each(["none", "refuses"] as const)(
    "if the topic: %s, everything is sent and operators hear nothing",
    async (topicFault) => {
      const { outbox, notifier } = await live(topicFault);

      expect(outbox.waiting.size).toBe(0);
      expect(notifier.delivered).toHaveLength(3);
      expect(notifier.told).toEqual([]);
    },
  );

  test("the enumeration covers every port call", async () => {
    const { calls } = await live("times out, delivered");

    // 3 claims, 3 messages, 2 marked sent, 1 told, 1 marked uncertain, 4 looks into the outbox.
    expect(calls).toBe(14);
  });
});

describe("stream and sweeps at the same time", () => {
  test("send each alert once, in whatever order their calls come through", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const outbox = inMemoryAlertOutbox();
        const notifier = inMemoryNotifier();
        for (const alert of ALERTS) {
          await outbox.record(alert, 0);
        }
        const send = sendAlertsHandler({
          outbox: {
            ...outbox,
            pending: scheduler.scheduleFunction(outbox.pending),
            claim: scheduler.scheduleFunction(outbox.claim),
            markSent: scheduler.scheduleFunction(outbox.markSent),
          },
          notifier: { ...notifier, alert: scheduler.scheduleFunction(notifier.alert) },
          nowMs: () => 0,
        });

        const runs = [outboxInserts(ALERTS), SWEEP, SWEEP].map((event) => send(event, CONTEXT));
        await scheduler.waitFor(Promise.all(runs));

        const deliveries = ALERTS.map((alert) => deliveriesOf(alert, notifier));
        expect(deliveries).toEqual([1, 1, 1]);
      }),
    );
  });
});

describe("the outbox", () => {
  test("does not take an alert again that was decided again, sent or not", async () => {
    const { outbox, notifier } = await live("times out, delivered");

    const taken = await Promise.all(ALERTS.map((alert) => outbox.record(alert, 1)));

    expect(taken).toEqual([false, false, false]);
    expect(notifier.delivered).toHaveLength(3);
  });
});
