import { beforeEach, describe, expect, test } from "vitest";
import {
  type RepriceDeps,
  repriceDays,
  unwritten,
} from "../../../functions/reprice-roll-ups/reprice-days.ts";
import { repriceRollUpsHandler } from "../../../functions/reprice-roll-ups/reprice-roll-ups.ts";
import { recomputeDay } from "../../../functions/roll-up/recompute-day.ts";
import { ONE_NAME_EACH } from "../../../shared/directory/names-of-person.ts";
import { addDays, startOfDay } from "../../../shared/ledger/calendar.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { priceDifferences, totalDifference } from "../../../shared/ledger/price-differences.ts";
import type { PriceBook } from "../../../shared/pricing/price-book.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { inMemoryRollUps } from "../../support/in-memory-roll-ups.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const OLD = flatPriceBook({ "claude-sonnet-4-5": 100n }, "old");
const NEW = flatPriceBook({ "claude-sonnet-4-5": 100n, "composer-1": 7n }, "new");
const DAYS = ["2026-09-30", "2026-10-01", "2026-11-05", "2026-11-06"];

/** Four days of one person, each with a call that the old prices know and one that only the new do. */
async function setup() {
  const ledger = inMemoryUsageLedger();
  const rollUps = inMemoryRollUps();
  const deps = (priceBook: PriceBook): RepriceDeps => ({
    ledger,
    rollUps,
    priceBook,
    authority: REQUESTS_FIRST,
    namesOf: async () => ONE_NAME_EACH,
  });
  for (const day of DAYS) {
    const timeMs = startOfDay(day) + 9 * 3_600_000;
    await ledger.append([
      aUsageEvent({ id: `a:${day}`, timeMs }),
      aUsageEvent({ id: `b:${day}`, timeMs, model: "composer-1" }),
    ]);
    await recomputeDay(deps(OLD), [aUsageEvent().user], day);
  }
  const versions = () =>
    [...rollUps.userDays.values()].map(({ day, version, costNanoUsd }) => [
      day,
      version.priceBook,
      costNanoUsd,
    ]);
  return { ledger, rollUps, deps, versions };
}

const context = { getRemainingTimeInMillis: () => 900_000 };
const NIGHT = { scheduledTime: "2026-11-06T02:00:00Z" };

beforeEach(() => {
  capturedLog();
});

describe("repriceRollUpsHandler", () => {
  test("prices this month and the one before again, and no older one", async () => {
    const { deps, versions } = await setup();

    const result = await repriceRollUpsHandler(deps(NEW))(NIGHT, context);

    expect(result).toEqual({
      priceBook: "new",
      from: "2026-10-01",
      to: "2026-11-07",
      repriced: 3,
      differenceNanoUsd: "21",
      unpricedBefore: 3,
      unpricedAfter: 0,
    });
    expect(versions()).toEqual([
      ["2026-09-30", "old", 100n],
      ["2026-10-01", "new", 107n],
      ["2026-11-05", "new", 107n],
      ["2026-11-06", "new", 107n],
    ]);
  });

  test("has nothing left to do the next night, also where the new prices changed no amount", async () => {
    const { deps } = await setup();
    const same = { ...OLD, version: "same-prices" };
    await repriceRollUpsHandler(deps(same))(NIGHT, context);

    expect(await repriceRollUpsHandler(deps(same))(NIGHT, context)).toMatchObject({
      repriced: 0,
      differenceNanoUsd: "0",
    });
  });

  test("stops in time, the newest days done, and the next run goes on where it stopped", async () => {
    const { deps, versions } = await setup();
    let left = 3;
    const short = { getRemainingTimeInMillis: () => (left-- > 0 ? 900_000 : 1_000) };

    const first = await repriceRollUpsHandler(deps(NEW))(NIGHT, short);
    const second = await repriceRollUpsHandler(deps(NEW))(NIGHT, context);

    expect([first.repriced, first.leftFrom]).toEqual([2, "2026-11-03"]);
    expect(second).not.toHaveProperty("leftFrom");
    expect(second.repriced).toBe(1);
    expect(versions().filter(([, version]) => version === "old")).toHaveLength(1);
  });

  test("a day that cannot be priced fails the run after the others are done, so that it is retried", async () => {
    const { deps, ledger, versions } = await setup();
    const failing = {
      ...deps(NEW),
      ledger: {
        readUserDay: (user: string, day: string) =>
          day === "2026-11-05" ? Promise.reject(new Error("slow")) : ledger.readUserDay(user, day),
      },
    };

    await expect(repriceRollUpsHandler(failing)(NIGHT, context)).rejects.toThrow(
      "1 person's days were not priced again, the first of 2026-11-05",
    );
    expect(versions().map(([, version]) => version)).toEqual(["old", "new", "old", "new"]);
  });

  test("takes the period that a person asks for", async () => {
    const { deps } = await setup();
    const event = { ...NIGHT, from: "2026-09-01", to: "2026-10-01" };

    expect(await repriceRollUpsHandler(deps(NEW))(event, context)).toMatchObject({
      from: "2026-09-01",
      repriced: 1,
    });
  });
});

describe("repriceDays", () => {
  const period = { from: "2026-09-01", to: "2026-12-01", all: true };

  test("again is the same: absolute values, from a ledger that is only read", async () => {
    const { deps, rollUps } = await setup();
    await repriceDays(deps(NEW), period);
    const once = [...rollUps.userDays.values()];

    const again = await repriceDays(deps(NEW), period);

    expect([...rollUps.userDays.values()]).toEqual(once);
    expect(totalDifference(priceDifferences(again.days))).toEqual({
      calls: 8,
      beforeNanoUsd: 428n,
      afterNanoUsd: 428n,
      unpricedBefore: 0,
      unpricedAfter: 0,
    });
  });

  test("a trial finds the same difference and stores nothing", async () => {
    const { deps, versions } = await setup();
    const before = versions();

    const { days } = await repriceDays(
      { ...deps(NEW), rollUps: unwritten(deps(NEW).rollUps) },
      period,
    );

    expect(totalDifference(priceDifferences(days))).toMatchObject({
      beforeNanoUsd: 400n,
      afterNanoUsd: 428n,
      unpricedBefore: 4,
      unpricedAfter: 0,
    });
    expect(versions()).toEqual(before);
  });

  test("a stream that runs in between is not overwritten by what was read before it", async () => {
    const { deps, rollUps, ledger } = await setup();
    const day = "2026-11-06";
    let isFirst = true;
    const racing: RepriceDeps = {
      ...deps(NEW),
      rollUps: {
        ...rollUps,
        putUserDay: async (value, read) => {
          if (isFirst) {
            isFirst = false;
            await ledger.append([aUsageEvent({ id: "late", timeMs: startOfDay(day) + 2000 })]);
            await recomputeDay(deps(OLD), [value.user], day);
          }
          return rollUps.putUserDay(value, read);
        },
      },
    };

    await repriceDays(racing, { from: day, to: addDays(day, 1), all: true });

    const stored = await rollUps.read(aUsageEvent().user, day);
    expect(stored.userDay).toMatchObject({
      calls: 3,
      costNanoUsd: 207n,
      version: { entries: 3, priceBook: "new" },
    });
  });
});
