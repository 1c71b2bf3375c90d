import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Asked, type LoopbackApi, loopbackApi, recorded } from "../../support/loopback-api.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";
import { pseudonymise, SECRET, setup } from "./collect-usage-setup.ts";

const DAY = "2026-11-21";
const DAY_START = Date.UTC(2026, 10, 21);
const EVENTS = recorded("cursor/admin.filtered-usage-events.json");
const [BILLED, INCLUDED] = EVENTS.usageEvents;
/** 4.455 cents. */
const BILLED_NANO_USD = 44_550_000n;
const PERSON = "user-018@example.com";

let api: LoopbackApi;
beforeEach(async () => {
  api = await loopbackApi();
});
afterEach(() => api.close());

function events(grain: "request" | "day" = "request", since = DAY) {
  const all = setup({ source: "cursor-events", baseUrl: api.url, since, grain });
  // The recorded events are of the evening of that day.
  all.clock.nowMs = DAY_START + 86_400_000 + 3_600_000;
  return all;
}

function bodyOf({ body }: Asked): { startDate: number; endDate: number; page: number } {
  return JSON.parse(body);
}

/** Pages of the recorded day; other days are empty. */
function pages(...given: readonly (readonly unknown[])[]) {
  const total = given.flat().length;
  return (asked: Asked) => {
    const { startDate, page } = bodyOf(asked);
    const isDay = startDate === DAY_START;
    return {
      body: {
        totalUsageEventsCount: isDay ? total : 0,
        pagination: { hasNextPage: isDay && page < given.length },
        usageEvents: isDay ? (given[page - 1] ?? []) : [],
      },
    };
  };
}

describe("cursor-events", () => {
  test("books each call with its tokens and cents, and what the plan includes as costing nothing more", async () => {
    api.answerWith(pages(EVENTS.usageEvents));
    const { run, userDay, ledger } = events();

    expect(await run()).toMatchObject({
      outcome: "finished",
      counts: { received: 2, committed: 2 },
    });

    expect(userDay(PERSON, DAY)).toMatchObject({
      calls: 1,
      costNanoUsd: BILLED_NANO_USD,
      unpricedCalls: 0,
      lines: [
        {
          tool: "cursor",
          model: "claude-4.5-sonnet",
          tokens: { uncachedInput: 1200, output: 900, cacheWrite5m: 3000, cacheRead: 54_000 },
        },
      ],
    });
    expect(userDay("user-019@example.com", DAY)).toMatchObject({
      calls: 1,
      costNanoUsd: 0n,
      unpricedCalls: 0,
    });
    expect(ledger.events().map(({ timeMs }) => timeMs)).toContain(1_795_299_960_000);
  });

  test("shows the key as the user name of HTTP Basic, and asks at most 20 times a minute", async () => {
    api.answerWith(pages(EVENTS.usageEvents));
    const { run, clock } = events();

    await run();

    expect(api.asked[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from(`${SECRET}:`).toString("base64")}`,
    );
    expect(api.asked.map(bodyOf)[0]).toMatchObject({
      startDate: DAY_START,
      endDate: DAY_START + 86_400_000 - 1,
    });
    expect(clock.waits).toEqual([3_100]);
  });

  test("goes on in the next run where the time of one is over, and asks for no day twice", async () => {
    api.answerWith(pages(EVENTS.usageEvents));
    const { run, clock, userDay } = events("request", "2026-11-01");

    // 22 days at 3.1 seconds; a run of a minute has 40 seconds to ask, so 13 requests.
    const first = await run(60_000);
    expect(first).toMatchObject({ outcome: "interrupted", pages: 13 });
    clock.nowMs += 3_600_000;
    expect(await run()).toMatchObject({ outcome: "finished" });

    const days = api.asked.map((asked) => bodyOf(asked).startDate).slice(0, 22);
    expect(new Set(days).size).toBe(22);
    expect(userDay(PERSON, DAY).costNanoUsd).toBe(BILLED_NANO_USD);
  });

  test("writes nothing new for the same events, and replaces one that Cursor corrects", async () => {
    api.answerWith(pages(EVENTS.usageEvents));
    const { run, userDay, clock } = events();
    await run();
    clock.nowMs += 3_600_000;
    expect((await run()).counts).toMatchObject({ committed: 0, duplicate: 2 });

    const corrected = structuredClone(BILLED);
    corrected.tokenUsage.totalCents = 4;
    api.answerWith(pages([corrected, INCLUDED]));
    clock.nowMs += 3_600_000;

    expect((await run()).counts).toMatchObject({ committed: 1, duplicate: 1 });
    expect(userDay(PERSON, DAY)).toMatchObject({ calls: 1, costNanoUsd: 40_000_000n });
  });

  test("counts calls that are alike, also when a page ends between them", async () => {
    const { run, userDay, clock } = events();
    for (const split of [
      [[BILLED, BILLED], [BILLED]],
      [[BILLED], [BILLED, BILLED]],
      [[BILLED, BILLED, BILLED]],
    ]) {
      api.answerWith(pages(...split));
      await run();
      clock.nowMs += 3_600_000;
    }

    expect(userDay(PERSON, DAY)).toMatchObject({ calls: 3, costNanoUsd: 3n * BILLED_NANO_USD });
  });

  test("begins a day anew if events came in between its pages, as they shift all pages", async () => {
    const late = { ...BILLED, timestamp: "1795299970000" };
    let asked = 0;
    api.answerWith((request) => {
      asked += bodyOf(request).startDate === DAY_START ? 1 : 0;
      return asked === 1
        ? pages([BILLED], [INCLUDED])(request)
        : pages([late], [BILLED], [INCLUDED])(request);
    });
    const { run, userDay, ledger } = events();

    await run();

    expect(api.asked.map(bodyOf).map(({ page }) => page)).toEqual([1, 2, 1, 2, 3, 1]);
    expect(userDay(PERSON, DAY)).toMatchObject({ calls: 2, costNanoUsd: 2n * BILLED_NANO_USD });
    expect(ledger.events()).toHaveLength(3);
  });

  test("as parts of a day, is kept beside the calls that Cursor's telemetry brings, not added", async () => {
    const members = recorded("cursor/admin.members.json");
    api.answerWith((asked) =>
      asked.path === "/teams/members" ? { body: members } : pages(EVENTS.usageEvents)(asked),
    );
    const { run, userDay, ledger } = events("day");
    await run();
    // The telemetry names the person by a number, so the day goes by it too.
    expect(userDay("cursor:998877", DAY).costNanoUsd).toBe(BILLED_NANO_USD);
    expect(userDay("user-019@example.com", DAY).calls).toBe(1);

    await ledger.append([
      aUsageEvent({
        id: "cursor:evt_01HZX3M7Q9",
        user: pseudonymise("cursor:998877"),
        timeMs: 1_795_299_960_000,
        tool: "cursor",
        provider: "cursor",
        model: "claude-4.5-sonnet",
        reportedCostNanoUsd: 7n,
      }),
    ]);

    expect(userDay("cursor:998877", DAY)).toMatchObject({
      calls: 1,
      costNanoUsd: 7n,
      otherGrain: [{ calls: 1, costNanoUsd: BILLED_NANO_USD }],
    });
  });

  test("holds back an event of the future, as it would be booked to a day that is not its own", async () => {
    const ahead = { ...BILLED, timestamp: String(DAY_START + 2 * 86_400_000) };
    api.answerWith(pages([ahead]));
    const { run, quarantine } = events();

    expect((await run()).counts).toMatchObject({ received: 1, quarantined: 1 });
    expect(quarantine.records()).toMatchObject([{ reason: "clock-in-future" }]);
  });
});
