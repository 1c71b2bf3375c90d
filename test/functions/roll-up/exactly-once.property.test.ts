import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dynamoDbRollUps } from "../../../functions/adapters/dynamodb-roll-ups.ts";
import { dynamoDbUsageLedger } from "../../../functions/adapters/dynamodb-usage-ledger.ts";
import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { recomputeDay } from "../../../functions/roll-up/recompute-day.ts";
import { daysThatDependOn } from "../../../shared/ledger/across-midnight.ts";
import { dayOf } from "../../../shared/ledger/calendar.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { segmentKey } from "../../../shared/ledger/segment.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { callFaults, faultyDynamoDb } from "../../support/faulty-dynamodb.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

/** The price of a call is its input, so that every call is told by its cost. */
const priceBook = {
  version: "input-1",
  listCost: ({ tokens }: { tokens: { uncachedInput: number } }) => BigInt(tokens.uncachedInput),
};
const MIDNIGHT = Date.UTC(2028, 2, 1);

/** Few of each, so that identities meet in other sessions, minutes, days and people. */
const anEvent = fc
  .record({
    id: fc.integer({ min: 0, max: 5 }),
    user: fc.constantFrom("user-017", "user-018"),
    session: fc.constantFrom("s#1", "s|2", "-"),
    minute: fc.integer({ min: -2, max: 2 }),
  })
  .map(({ id, user, session, minute }) =>
    aUsageEvent({
      id: `anthropic:req_${id}`,
      user,
      session,
      timeMs: MIDNIGHT + minute * 60_000 + id,
      // Of one identity in one segment there is one content: another would be a conflict.
      tokens: { uncachedInput: 2 ** (id * 3) * (4 + minute) },
    }),
  );

/** A batch, and how often its sender sends it. */
const aDelivery = fc.record({
  events: fc.array(anEvent, { minLength: 1, maxLength: 6 }),
  times: fc.integer({ min: 1, max: 2 }),
});

const aHistory = fc.record({
  deliveries: fc.array(aDelivery, { minLength: 1, maxLength: 5 }),
  faults: callFaults(12),
});

type History = typeof aHistory extends fc.Arbitrary<infer T> ? T : never;

/** Every sender and every roll-up at once, their AWS calls in the order that the scheduler picks. */
async function live({ deliveries, faults }: History, scheduler: fc.Scheduler) {
  const client = faultyDynamoDb(faults, scheduler);
  const ledger = dynamoDbUsageLedger(client, "Ledger", identityHash);
  const rollUps = dynamoDbRollUps(client, "Insights");

  const rollUp = async ({ user, day }: UserDayName) => {
    await untilDone(() =>
      recomputeDay({ ledger, rollUps, priceBook, authority: REQUESTS_FIRST }, [user], day),
    );
  };
  const deliver = async ({ events, times }: History["deliveries"][number]) => {
    for (let sent = 0; sent < times; sent += 1) {
      await untilDone(() => ledger.append(events));
      // The stream tells of each segment, and nothing says that its consumers wait for each other.
      await Promise.all(daysOf(events).map(rollUp));
    }
  };
  await scheduler.waitFor(Promise.all(deliveries.map(deliver)));
  return dynamoDbStores(client, scheduler);
}

/** What is stored in the end, without faults. */
async function dynamoDbStores(client: ReturnType<typeof faultyDynamoDb>, scheduler: fc.Scheduler) {
  const { userDays, sessionDays } = await scheduler.waitFor(
    untilDone(() => dynamoDbRollUps(client, "Insights").readBetween("2028-02-28", "2028-03-02")),
  );
  return { userDays, sessionDays };
}

async function untilDone<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (
        !(error instanceof Error) ||
        !/slow|not available|another recomputation/.test(error.message)
      ) {
        throw error;
      }
    }
  }
}

type UserDayName = { readonly user: string; readonly day: string };

/** Each person's day that depends on one of the events: all of them are close to midnight. */
function daysOf(events: readonly UsageEvent[]): readonly UserDayName[] {
  const names = events.flatMap((event) =>
    daysThatDependOn(segmentKey(event)).map((day) => ({ user: event.user, day })),
  );
  return [...new Map(names.map((name) => [`${name.user} ${name.day}`, name])).values()];
}

/** Of each person and identity the earliest call: worked out apart from the fold. */
function countedOnce(events: readonly UsageEvent[]): readonly UsageEvent[] {
  const order = (event: UsageEvent) => `${event.timeMs} ${event.session}`;
  const first = new Map<string, UsageEvent>();
  for (const event of events) {
    const place = `${event.user} ${event.id}`;
    const earlier = first.get(place);
    if (earlier === undefined || order(event) < order(earlier)) {
      first.set(place, event);
    }
  }
  return [...first.values()];
}

function costs(events: readonly UsageEvent[], keyOf: (event: UsageEvent) => string) {
  const sums = new Map<string, bigint>();
  for (const event of events) {
    const key = keyOf(event);
    sums.set(key, (sums.get(key) ?? 0n) + BigInt(event.tokens.uncachedInput));
  }
  return [...sums].sort();
}

describe("any history of senders, repeats, faults and roll-ups at once", () => {
  test("ends with roll-ups that are the sum of each call once, by person, day and session, also across midnight", async () => {
    await fc.assert(
      fc.asyncProperty(aHistory, fc.scheduler(), async (history, scheduler) => {
        const { userDays, sessionDays } = await live(history, scheduler);

        const sent = history.deliveries.flatMap(({ events }) => events);
        const unique = [
          ...new Map(sent.map((e) => [JSON.stringify([segmentKey(e), e.id]), e])).values(),
        ];
        const counted = countedOnce(unique);
        expect(
          userDays
            .filter(({ calls }) => calls > 0)
            .map(({ user, day, costNanoUsd }) => [`${user} ${day}`, costNanoUsd])
            .sort(),
        ).toEqual(costs(counted, (event) => `${event.user} ${dayOf(event.timeMs)}`));
        expect(
          sessionDays
            .filter(({ calls }) => calls > 0)
            .map(({ user, day, session, costNanoUsd }) => [
              `${user} ${day} ${session}`,
              costNanoUsd,
            ])
            .sort(),
        ).toEqual(costs(counted, (e) => `${e.user} ${dayOf(e.timeMs)} ${e.session}`));
      }),
      { numRuns: 200 },
    );
  }, 30_000);
});
