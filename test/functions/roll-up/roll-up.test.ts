import type { DynamoDBStreamEvent } from "aws-lambda";
import { describe, expect, test, vi } from "vitest";
import { rollUpHandler } from "../../../functions/roll-up/roll-up.ts";
import {
  type NamesOf,
  namesOfPeople,
  ONE_NAME_EACH,
} from "../../../shared/directory/names-of-person.ts";
import { dayOf } from "../../../shared/ledger/calendar.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import type { SessionDay } from "../../../shared/ledger/roll-ups.ts";
import { segmentKey } from "../../../shared/ledger/segment.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { inMemoryRollUps } from "../../support/in-memory-roll-ups.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

function setup(events: UsageEvent[], namesOf: NamesOf = ONE_NAME_EACH) {
  const rollUps = inMemoryRollUps();
  const watched: SessionDay[] = [];
  const reads: string[] = [];
  const unreadable = new Set<string>();
  const failures: Error[] = [];
  const handler = rollUpHandler({
    ledger: {
      readUserDay: async (user, day) => {
        reads.push(`${user} ${day}`);
        if (unreadable.has(user)) {
          throw new Error("throttled");
        }
        return events.filter((event) => event.user === user && dayOf(event.timeMs) === day);
      },
    },
    rollUps,
    namesOf: async () => namesOf,
    priceBook: flatPriceBook({ "claude-sonnet-4-5": 1_000n }),
    authority: REQUESTS_FIRST,
    watchSessions: async (sessions) => {
      const failure = failures.shift();
      if (failure !== undefined) {
        throw failure;
      }
      watched.push(...sessions);
    },
  });
  return { handler, rollUps, reads, watched, unreadable, failures, events };
}

function streamOf(events: readonly UsageEvent[]): DynamoDBStreamEvent {
  return {
    Records: events.map((event, index) => {
      const { pk, sk } = segmentKey(event);
      return {
        eventID: String(index),
        eventName: "MODIFY",
        dynamodb: { SequenceNumber: String(100 + index), Keys: { pk: { S: pk }, sk: { S: sk } } },
      };
    }),
  };
}

describe("rollUpHandler", () => {
  test("stores the absolute value of each day that the stream touches", async () => {
    const events = [aUsageEvent({ id: "a" }), aUsageEvent({ id: "b" })];
    const { handler, rollUps } = setup(events);

    const answer = await handler(streamOf(events));

    expect(answer).toEqual({ batchItemFailures: [] });
    expect([...rollUps.userDays.values()]).toMatchObject([{ calls: 2, costNanoUsd: 2_000n }]);
  });

  test("gives the same roll-ups for records that come twice and out of order", async () => {
    const events = [aUsageEvent({ id: "a" }), aUsageEvent({ id: "b", session: "s2" })];
    const { handler, rollUps } = setup(events);
    await handler(streamOf(events));
    const before = [...rollUps.sessionDays.values()];

    await handler(streamOf([...events, ...events].reverse()));

    expect([...rollUps.sessionDays.values()]).toEqual(before);
  });

  test("asks for the batch again from the first record of a day that failed", async () => {
    const events = [
      aUsageEvent({ id: "a", user: "fine" }),
      aUsageEvent({ id: "b", user: "failing" }),
      aUsageEvent({ id: "c", user: "failing", session: "s2" }),
    ];
    const { handler, rollUps, unreadable } = setup(events);
    unreadable.add("failing");

    const answer = await handler(streamOf(events));

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "101" }]);
    expect([...rollUps.userDays.values()].map((day) => day.user)).toEqual(["fine"]);
  });

  test("takes up a day that failed once more, so that the batch need not come again", async () => {
    const events = ["a", "b", "c"].map((user) => aUsageEvent({ id: user, user }));
    const { handler, rollUps, failures } = setup(events);
    failures.push(new Error("throttled"));

    const answer = await handler(streamOf(events));

    expect(answer.batchItemFailures).toEqual([]);
    expect(rollUps.userDays.size).toBe(3);
  });

  test("gives a batch back at once when most of its days fail: something is down", async () => {
    const events = ["a", "b", "c"].map((user) => aUsageEvent({ id: user, user }));
    const { handler, watched, failures } = setup(events);
    failures.push(new Error("throttled"), new Error("throttled"));

    const answer = await handler(streamOf(events));

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "100" }]);
    expect(watched).toHaveLength(1);
  });

  test("shows sessions to the watch again when a batch comes again, stored anew or not", async () => {
    const events = [aUsageEvent({ id: "a" })];
    const { handler, watched } = setup(events);

    await handler(streamOf(events));
    await handler(streamOf(events));

    expect(watched).toHaveLength(2);
  });

  test("tells of a call without a price although the watch fails: the next attempt finds it known", async () => {
    const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const events = [aUsageEvent({ model: "unheard-of" })];
    const { handler, failures } = setup(events);
    failures.push(new Error("throttled"));

    const first = await handler(streamOf(events));
    const second = await handler(streamOf(events));

    expect([first, second].map(({ batchItemFailures }) => batchItemFailures.length)).toEqual([
      1, 0,
    ]);
    const metrics = written.mock.calls.map(([line]) => String(line));
    expect(metrics.filter((line) => line.includes('"UnpricedCalls":1'))).toHaveLength(1);
  });

  test("takes a session away whose only call another source has stated earlier, in its own session", async () => {
    const late = aUsageEvent({ session: "of-the-gateway", timeMs: Date.UTC(2026, 9, 5, 9, 13) });
    const { handler, rollUps, events } = setup([late]);
    await handler(streamOf(events));

    events.push(aUsageEvent({ session: "of-the-client" }));
    await handler(streamOf(events));

    expect([...rollUps.sessionDays.values()]).toMatchObject([
      { session: "of-the-client", costNanoUsd: 1_000n },
    ]);
    expect([...rollUps.userDays.values()]).toMatchObject([{ costNanoUsd: 1_000n, sessions: 1 }]);
  });

  test.each([
    { order: "the earlier day's first", swap: false },
    { order: "the later day's first", swap: true },
  ])("counts a call once whose sources are on two sides of midnight, $order", async ({ swap }) => {
    const midnight = Date.UTC(2026, 10, 1);
    const early = aUsageEvent({ session: "client", timeMs: midnight - 1 });
    const late = aUsageEvent({ session: "gateway", tool: "litellm", timeMs: midnight + 2_000 });
    const [first, second] = swap ? [late, early] : [early, late];
    const { handler, rollUps, events } = setup([first]);
    await handler(streamOf([first]));

    events.push(second);
    await handler(streamOf([second]));

    expect(
      Object.fromEntries([...rollUps.userDays.values()].map(({ day, calls }) => [day, calls])),
    ).toEqual({ "2026-10-31": 1, "2026-11-01": 0 });
    expect([...rollUps.sessionDays.values()]).toMatchObject([
      { day: "2026-10-31", session: "client", calls: 1 },
    ]);
  });

  test("stores nothing for a day that is only beside one with calls", async () => {
    const event = aUsageEvent({ timeMs: Date.UTC(2026, 10, 1) - 1 });
    const { handler, rollUps } = setup([event]);

    await handler(streamOf([event]));

    expect([...rollUps.userDays.values()].map(({ day }) => day)).toEqual(["2026-10-31"]);
  });

  test.each([
    { first: "mail", second: "key" },
    { first: "key", second: "mail" },
  ])("counts a call once that two names of a person state, $first's first", async (order) => {
    const calls: Readonly<Record<string, UsageEvent>> = {
      mail: aUsageEvent({ user: "mail", session: "client", timeMs: Date.UTC(2026, 9, 5, 9) }),
      key: aUsageEvent({ user: "key", session: "gateway", timeMs: Date.UTC(2026, 9, 5, 9, 1) }),
    };
    const namesOf = namesOfPeople({ aliases: new Map([["key", "mail"]]) });
    const { handler, rollUps, watched, events } = setup([], namesOf);

    for (const call of [order.first, order.second].flatMap((name) => calls[name] ?? [])) {
      events.push(call);
      await handler(streamOf([call]));
    }

    const days = [...rollUps.userDays.values()];
    expect(Object.fromEntries(days.map(({ user, calls: n }) => [user, n]))).toEqual({
      mail: 1,
      key: 0,
    });
    expect([...rollUps.sessionDays.values()]).toMatchObject([
      { user: "mail", session: "client", calls: 1 },
    ]);
    expect(watched.at(-1)).toMatchObject({ user: "mail", session: "client" });
  });

  test("reads and stores a person's day once for all names that a batch touches", async () => {
    const events = ["mail", "key"].map((user) => aUsageEvent({ id: user, user, session: user }));
    const { handler, reads, rollUps } = setup(
      events,
      namesOfPeople({
        aliases: new Map([
          ["key", "mail"],
          ["login", "mail"],
        ]),
      }),
    );

    await handler(streamOf(events));

    expect(reads).toEqual(["key 2026-10-05", "login 2026-10-05", "mail 2026-10-05"]);
    // A name that never spends has no roll-up.
    expect([...rollUps.userDays.values()].map(({ user }) => user)).toEqual(["key", "mail"]);
  });

  test("does not tell again of a call without a price that has moved to another name", async () => {
    const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const unpriced = { model: "unheard-of", session: "s" } as const;
    const late = aUsageEvent({ ...unpriced, user: "mail", timeMs: Date.UTC(2026, 9, 5, 9, 1) });
    const namesOf = namesOfPeople({ aliases: new Map([["key", "mail"]]) });
    const { handler, events } = setup([late], namesOf);
    await handler(streamOf(events));

    events.push(aUsageEvent({ ...unpriced, user: "key", timeMs: Date.UTC(2026, 9, 5, 9) }));
    await handler(streamOf(events));

    const metrics = written.mock.calls.map(([line]) => String(line));
    expect(metrics.filter((line) => line.includes("UnpricedCalls"))).toHaveLength(1);
  });

  test("leaves items of other kinds alone", async () => {
    const { handler, rollUps } = setup([]);

    await handler({
      Records: [
        { dynamodb: { SequenceNumber: "1", Keys: { pk: { S: "O#202610#0" }, sk: { S: "x" } } } },
      ],
    });

    expect(rollUps.userDays.size).toBe(0);
  });
});
