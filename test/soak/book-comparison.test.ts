import { describe, expect, test } from "vitest";
import { insightsKey } from "../../functions/adapters/insights-keys.ts";
import { identityHash } from "../../functions/adapters/pseudonyms.ts";
import { addDays } from "../../shared/ledger/calendar.ts";
import { foldUserDay } from "../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../shared/ledger/grain-authority.ts";
import { encodeSessionDay, encodeUserDay } from "../../shared/ledger/roll-up-codec.ts";
import { packEvent, segmentKey } from "../../shared/ledger/segment.ts";
import { genaiPriceBook } from "../../shared/pricing/genai-price-book.ts";
import type { UsageEvent } from "../../shared/usage/usage-event.ts";
import { compareBooks } from "./book-comparison.ts";
import { eventsByUserDay, pseudonyms } from "./oracle.ts";
import type { StoredBooks, StoredItem } from "./stored-books.ts";
import { usagePlan } from "./usage-plan.ts";

const EVENTS = 2_000;
const priceBook = genaiPriceBook();
const pseudonym = pseudonyms("a key that only this test knows, of enough length");

type Books = { ledger: StoredItem[]; rollUps: StoredItem[] };

/** What ingestion and roll-up make of these events, without a database. */
function booksOf(
  events: readonly UsageEvent[],
  beside: readonly UsageEvent[],
  user: string,
  day: string,
): Books {
  const ledger = events.map((event): StoredItem => {
    const { pk, sk } = segmentKey(event);
    const { body, context } = packEvent(event);
    return {
      pk: { S: pk },
      sk: { S: sk },
      [`e${identityHash(event.id)}`]: { S: body("A") },
      cA: { S: context },
    };
  });
  const rules = { priceBook, authority: REQUESTS_FIRST };
  const { userDay, sessionDays } = foldUserDay(user, day, [...events, ...beside], rules);
  const v = { N: String(userDay.version.entries) };
  return {
    ledger,
    rollUps: [
      { ...insightsKey({ kind: "user-day", user, day }), v, d: { S: encodeUserDay(userDay) } },
      ...sessionDays.map((value) => ({
        ...insightsKey({ kind: "session-day", user, day, session: value.session }),
        v,
        d: { S: encodeSessionDay(value) },
      })),
    ],
  };
}

/** Compares a plan with the books that it makes, after something happened to those of its first user's day. */
async function compare(seed: number, happened: (books: Books) => void = () => undefined) {
  const plan = usagePlan(seed, EVENTS);
  const days = eventsByUserDay(plan, pseudonym);
  const eventsOf = (user: string, day: string) =>
    (days.get(`${user} ${day}`) ?? []).map((index): UsageEvent => {
      const { subject: _, requestId: __, ...event } = plan.event(index);
      return { ...event, user, attribution: "asserted" };
    });
  const stored = new Map(
    [...days.keys()].map((key) => {
      const [user = "", day = ""] = key.split(" ");
      const beside = [addDays(day, -1), addDays(day, 1)].flatMap((other) => eventsOf(user, other));
      return [key, booksOf(eventsOf(user, day), beside, user, day)];
    }),
  );
  const [first] = stored.values();
  if (first !== undefined) {
    happened(first);
  }
  const books: StoredBooks = {
    ledgerItems: async (user, day) => stored.get(`${user} ${day}`)?.ledger ?? [],
    rollUpItems: async (user, day) => stored.get(`${user} ${day}`)?.rollUps ?? [],
  };
  return await compareBooks(plan, days, books, priceBook);
}

/** A roll-up that is a nano-dollar dearer. */
function aNanoDearer(item: StoredItem | undefined): StoredItem {
  const text = item?.["d"]?.S ?? "";
  const dearer = text.replace(/"c":"(\d+)"/, (_, cost: string) => `"c":"${BigInt(cost) + 1n}"`);
  return { ...item, d: { S: dearer } };
}

describe("compareBooks", () => {
  test.each([1, 2, 3, 4, 5])(
    "finds the books of the product as the oracle has them, seed %i",
    async (seed) => {
      const comparison = await compare(seed);

      expect(comparison.differences).toEqual([]);
      expect(comparison).toMatchObject({
        expectedEntries: EVENTS,
        ledgerEntries: EVENTS,
        ledgerDifferenceNanoUsd: 0n,
        sessionDayDifferenceNanoUsd: 0n,
        userDayDifferenceNanoUsd: 0n,
      });
      expect(comparison.expectedNanoUsd).toBeGreaterThan(0n);
    },
  );

  test("notices an event that the ledger lacks", async () => {
    const comparison = await compare(1, ({ ledger }) => ledger.pop());

    expect(comparison.differences).toEqual([expect.stringMatching(/^ledger .* expected \[/)]);
    expect(comparison.ledgerEntries).toBe(EVENTS - 1);
  });

  test("notices an event that the ledger holds twice, under another name", async () => {
    const comparison = await compare(1, ({ ledger }) => {
      const [[name = "", value] = []] = Object.entries(ledger[0] ?? {}).filter(([key]) =>
        key.startsWith("e"),
      );
      ledger.push({
        ...ledger[0],
        [`${name.slice(0, -1)}!`]: value ?? { S: "" },
        [name]: { S: "" },
      });
    });

    expect(comparison.differences.length).toBeGreaterThan(0);
    expect(comparison.ledgerEntries).toBeGreaterThan(EVENTS);
  });

  test("notices a nano-dollar in a user-day", async () => {
    const comparison = await compare(1, ({ rollUps }) => {
      rollUps[0] = aNanoDearer(rollUps[0]);
    });

    expect(comparison.differences).toEqual([expect.stringMatching(/^user-day .*: c is "/)]);
    expect(comparison.userDayDifferenceNanoUsd).toBe(1n);
    expect(comparison.ledgerDifferenceNanoUsd).toBe(0n);
  });

  test("notices a session-day that is missing, and one that is of too few entries", async () => {
    const missing = await compare(1, ({ rollUps }) => rollUps.pop());
    const stale = await compare(1, ({ rollUps }) => {
      rollUps[0] = { ...rollUps[0], v: { N: "1" } };
    });

    expect(missing.differences).toEqual([expect.stringMatching(/^session-day .* is missing$/)]);
    expect(stale.differences).toEqual([expect.stringMatching(/^user-day .* of 1 entries/)]);
  });
});
