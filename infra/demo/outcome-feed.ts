import * as z from "zod";
import type { Delivery } from "./deliveries.ts";
import { deliveryHeaders } from "./deliveries.ts";
import type { SenderClient } from "./sender-client.ts";
import { eachAtOnce } from "./sender-client.ts";

/** What the answers to webhook deliveries say: every outcome, by what became of it. */
export type AnsweredOutcomes = {
  readonly received: number;
  readonly committed: number;
  readonly duplicate: number;
  readonly quarantined: number;
};

const AT_ONCE = 8;

const DeliveryAnswer = z.object({
  results: z
    .array(z.object({ outcome: z.enum(["committed", "duplicate", "quarantined"]) }))
    .default([]),
});

/**
 * Sends webhook deliveries in order of time, a few at once, as the code host does.
 *
 * @throws {Error} if one is refused, or is not read as the outcomes that it announces.
 */
export async function sendDeliveries(
  client: SenderClient,
  webhookSecret: string,
  deliveries: readonly Delivery[],
): Promise<AnsweredOutcomes> {
  const answered = { received: 0, committed: 0, duplicate: 0, quarantined: 0 };
  await eachAtOnce(deliveries, AT_ONCE, async (delivery) => {
    const answer = await client.post({
      path: "/webhooks/github",
      headers: deliveryHeaders(delivery, webhookSecret),
      body: Buffer.from(delivery.body),
    });
    const text = answer.body.toString();
    if (answer.status !== 200 && answer.status !== 202) {
      throw new Error(`/webhooks/github answered ${answer.status}: ${text}`);
    }
    const { results } = DeliveryAnswer.parse(JSON.parse(text));
    if (results.length !== delivery.outcomes) {
      throw new Error(`${delivery.event} was read as ${results.length} outcomes: ${text}`);
    }
    answered.received += results.length;
    for (const { outcome } of results) {
      answered[outcome] += 1;
    }
  });
  return answered;
}
