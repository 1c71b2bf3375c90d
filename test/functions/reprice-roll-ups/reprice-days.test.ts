import { describe, expect, test } from "vitest";
import { type RepriceDeps, repriceDays } from "../../../functions/reprice-roll-ups/reprice-days.ts";
import { recomputeDay } from "../../../functions/roll-up/recompute-day.ts";
import {
  type NamesOf,
  namesOfPeople,
  ONE_NAME_EACH,
} from "../../../shared/directory/names-of-person.ts";
import { dayOf, startOfDay } from "../../../shared/ledger/calendar.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { inMemoryRollUps } from "../../support/in-memory-roll-ups.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const OLD = flatPriceBook({ "claude-sonnet-4-5": 100n }, "old");
const PERIOD = { from: "2026-10-01", to: "2026-11-07", all: false };

describe("a night after which the directory knows other names", () => {
  const JOINED = namesOfPeople({ aliases: new Map([["key", "mail"]]) });
  const NOON = startOfDay("2026-11-05") + 43_200_000;
  const MIDNIGHT = startOfDay("2026-11-05");

  function emptyBooks() {
    const ledger = inMemoryUsageLedger();
    const rollUps = inMemoryRollUps();
    const deps = (namesOf: NamesOf): RepriceDeps => ({
      ledger,
      rollUps,
      priceBook: OLD,
      authority: REQUESTS_FIRST,
      namesOf: async () => namesOf,
    });
    const calls = () =>
      Object.fromEntries(
        [...rollUps.userDays.values()].map((each) => [`${each.user} ${each.day}`, each.calls]),
      );
    const sessions = () => [...rollUps.sessionDays.values()].map(({ session }) => session);
    return { ledger, rollUps, deps, calls, sessions };
  }

  /** A call that both names state, rolled up as two people's. */
  async function twoPeople(atMs: number) {
    const books = emptyBooks();
    await books.ledger.append([
      aUsageEvent({ user: "mail", timeMs: atMs - 1 }),
      aUsageEvent({ user: "key", session: "gateway", timeMs: atMs }),
    ]);
    for (const user of ["mail", "key"]) {
      await recomputeDay(books.deps(ONE_NAME_EACH), [user], dayOf(atMs));
    }
    return books;
  }

  test("counts their calls once, and has nothing left to do the next night", async () => {
    const { deps, calls, sessions } = await twoPeople(NOON);
    expect(calls()).toEqual({ "mail 2026-11-05": 1, "key 2026-11-05": 1 });

    await repriceDays(deps(JOINED), PERIOD);

    expect(calls()).toEqual({ "mail 2026-11-05": 1, "key 2026-11-05": 0 });
    expect(sessions()).toEqual([aUsageEvent().session]);
    expect(await repriceDays(deps(JOINED), PERIOD)).toEqual({ days: [], failed: [] });
  });

  test("parts them again: a value of fewer entries stands, as its names are the newer ones", async () => {
    const { deps, calls, sessions } = await twoPeople(NOON);
    await repriceDays(deps(JOINED), PERIOD);

    await repriceDays(deps(ONE_NAME_EACH), PERIOD);

    expect(calls()).toEqual({ "mail 2026-11-05": 1, "key 2026-11-05": 1 });
    expect(new Set(sessions())).toEqual(new Set([aUsageEvent().session, "gateway"]));
  });

  test("leaves a person with one name alone", async () => {
    const { deps } = await twoPeople(NOON);
    const others = namesOfPeople({ aliases: new Map([["login", "user-018"]]) });

    expect(await repriceDays(deps(others), PERIOD)).toMatchObject({ days: [], failed: [] });
  });

  test("finds a day of which only one name was stored, as a recomputation ended half-way", async () => {
    const { ledger, rollUps, deps, calls } = emptyBooks();
    const day = dayOf(NOON);
    await ledger.append([aUsageEvent({ user: "mail", timeMs: NOON })]);
    await recomputeDay(deps(JOINED), ["key", "mail"], day);
    await ledger.append([aUsageEvent({ user: "key", timeMs: NOON - 1_000 })]);
    const failing: typeof rollUps = {
      ...rollUps,
      putUserDay: (value, read) =>
        value.user === "mail" ? Promise.reject(new Error("slow")) : rollUps.putUserDay(value, read),
    };
    await expect(
      recomputeDay({ ...deps(JOINED), rollUps: failing }, ["key", "mail"], day),
    ).rejects.toThrow("slow");
    expect(calls()).toEqual({ "mail 2026-11-05": 1, "key 2026-11-05": 1 });

    await repriceDays(deps(JOINED), PERIOD);

    expect(calls()).toEqual({ "mail 2026-11-05": 0, "key 2026-11-05": 1 });
  });

  test("looks at the days beside one too: a call may have been told of across midnight", async () => {
    const { ledger, deps, calls } = emptyBooks();
    await ledger.append([aUsageEvent({ user: "mail", timeMs: MIDNIGHT + 1 })]);
    await recomputeDay(deps(JOINED), ["key", "mail"], "2026-11-05");
    // Then the earlier copy comes, to a function that does not know yet that both are one.
    await ledger.append([aUsageEvent({ user: "key", timeMs: MIDNIGHT - 1 })]);
    await recomputeDay(deps(ONE_NAME_EACH), ["key"], "2026-11-04");
    await recomputeDay(deps(ONE_NAME_EACH), ["key"], "2026-11-05");
    expect(calls()).toEqual({ "mail 2026-11-05": 1, "key 2026-11-04": 1 });

    await repriceDays(deps(JOINED), PERIOD);

    expect(calls()).toEqual({ "mail 2026-11-05": 0, "key 2026-11-04": 1 });
  });
});
