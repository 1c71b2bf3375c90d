import { DAY_MS } from "../ledger/calendar.ts";
import type { HookDelivery } from "../ports/github-hook.ts";

/** GitHub keeps a delivery, and can send it again, for three days. */
export const REDELIVERABLE_FOR_MS = 3 * DAY_MS;
/** A day before it is lost for good, somebody has to look. */
const OVERDUE_AFTER_MS = 2 * DAY_MS;

export type RedeliveryPlan = {
  /** Ids of the attempts to ask for again. */
  readonly ask: readonly string[];
  /** Events that no attempt has delivered. */
  readonly failed: number;
  /** Of those, the ones of more than 48 hours ago. */
  readonly overdue: number;
};

/**
 * Which events of a webhook to ask for again: those that no attempt has delivered, once each. GitHub's
 * own list remembers that it was asked, so nothing has to be kept here.
 */
export function redeliveryPlan(deliveries: readonly HookDelivery[], nowMs: number): RedeliveryPlan {
  const events = [...Map.groupBy(deliveries, ({ guid }) => guid).values()];
  const failed = events.filter((attempts) => !attempts.some(isDelivered)).map(inTime);
  return {
    ask: failed.flatMap((attempts) => {
      const [first] = attempts;
      const wasAsked = attempts.some(({ isRedelivery }) => isRedelivery);
      return first === undefined || wasAsked || ageOf(first, nowMs) >= REDELIVERABLE_FOR_MS
        ? []
        : [first.id];
    }),
    failed: failed.length,
    overdue: failed.filter(([first]) => first && ageOf(first, nowMs) > OVERDUE_AFTER_MS).length,
  };
}

function isDelivered({ statusCode }: HookDelivery): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function inTime(attempts: readonly HookDelivery[]): readonly HookDelivery[] {
  return attempts.toSorted((a, b) => a.deliveredAtMs - b.deliveredAtMs);
}

function ageOf({ deliveredAtMs }: HookDelivery, nowMs: number): number {
  return nowMs - deliveredAtMs;
}
