import { capturedBodies } from "./captured-bodies.ts";
import type { Delivery } from "./deliveries.ts";
import type { DemoStack } from "./demo-stack.ts";
import { BROKEN_BODY, flawedTelemetry } from "./flawed-telemetry.ts";
import { type AnsweredOutcomes, sendDeliveries } from "./outcome-feed.ts";
import { eachAtOnce, type SenderClient, senderClient } from "./sender-client.ts";
import type { TelemetryBody } from "./telemetry.ts";
import { type AnsweredUsage, logsHeaders, sendTelemetry, type UsageBody } from "./usage-feed.ts";

/** Everything that is sent to the stack over HTTP, and what its answers add up to. */
export type Traffic = {
  readonly telemetry: (bodies: readonly TelemetryBody[], afterEach: () => void) => Promise<void>;
  readonly outcomes: (deliveries: readonly Delivery[]) => Promise<void>;
  readonly flawed: (nowMs: number) => Promise<void>;
  /** Bodies of real clients. Nobody here has counted their records, so the metrics have to. */
  readonly captured: () => Promise<void>;
  readonly usageAnswers: () => AnsweredUsage;
  readonly outcomeAnswers: () => AnsweredOutcomes;
  readonly requests: () => number;
  readonly close: () => void;
};

const CONNECTIONS = 8;

export function traffic({ host, senderKey, webhookSecret }: DemoStack): Traffic {
  const client = senderClient(host.apiUrl, CONNECTIONS);
  let usage: AnsweredUsage = { received: 0, quarantined: 0, rejected: 0 };
  let outcomes: AnsweredOutcomes = { received: 0, committed: 0, duplicate: 0, quarantined: 0 };
  const sendUsage = async (
    bodies: readonly UsageBody[],
    afterEach: () => void,
    atOnce?: number,
  ) => {
    usage = sum(usage, await sendTelemetry(client, senderKey, bodies, { afterEach, atOnce }));
  };
  return {
    telemetry: (bodies, afterEach) =>
      sendUsage(
        bodies.map(({ body, calls, gzip, links }) => ({ body, gzip, records: calls + links })),
        afterEach,
      ),
    outcomes: async (deliveries) => {
      outcomes = sum(outcomes, await sendDeliveries(client, webhookSecret, deliveries));
    },
    flawed: async (nowMs) => {
      await sendUsage(flawedTelemetry(nowMs), () => undefined, 1);
      await sendBroken(client, senderKey);
    },
    captured: () => sendCaptured(client, senderKey),
    usageAnswers: () => usage,
    outcomeAnswers: () => outcomes,
    requests: client.requests,
    close: client.close,
  };
}

async function sendBroken(client: SenderClient, senderKey: string): Promise<void> {
  const { status } = await client.post({
    path: "/v1/logs",
    headers: logsHeaders(senderKey),
    body: Buffer.from(BROKEN_BODY),
  });
  if (status !== 400) {
    throw new Error(`a body that is not JSON has to be refused with 400, got ${status}`);
  }
}

async function sendCaptured(client: SenderClient, senderKey: string): Promise<void> {
  await eachAtOnce(capturedBodies(senderKey), 1, async (post) => {
    const { body, status } = await client.post(post);
    if (status !== 200) {
      throw new Error(`${post.path} answered ${status} to a captured body: ${body.toString()}`);
    }
  });
}

/** Adds up field by field. */
function sum<Counts extends Readonly<Record<string, number>>>(a: Counts, b: Counts): Counts {
  const total: Record<string, number> = {};
  for (const name of Object.keys(a)) {
    total[name] = (a[name] ?? 0) + (b[name] ?? 0);
  }
  return total as Counts;
}
