import { expect, test } from "vitest";
import { readEntriesOfDay } from "../../../functions/roll-up/read-entries-of-day.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const USER = "user-017";

test("reads a day beside it under every name as soon as one of them is at work around midnight", async () => {
  const ledger = inMemoryUsageLedger();
  await ledger.append([
    aUsageEvent({ user: "key", timeMs: Date.UTC(2026, 10, 1) - 1 }),
    aUsageEvent({ user: "mail", timeMs: Date.UTC(2026, 10, 1) }),
  ]);

  const entries = await readEntriesOfDay(ledger, ["key", "mail"], "2026-11-01");

  expect(entries.map(({ user }) => user).sort()).toEqual(["key", "mail"]);
});

test.each([
  { what: "only its own where nobody is at work around midnight", hour: 9, reads: 1 },
  { what: "those of the day before, in another month, where somebody is", hour: 0, reads: 2 },
])("reads of a day $what", async ({ hour, reads }) => {
  const ledger = inMemoryUsageLedger();
  const early = aUsageEvent({ user: USER, timeMs: Date.UTC(2026, 10, 1) - 1 });
  const late = aUsageEvent({ user: USER, timeMs: Date.UTC(2026, 10, 1, hour) });
  await ledger.append([early, late]);
  const days: string[] = [];

  const entries = await readEntriesOfDay(
    {
      readUserDay: (user, day) => {
        days.push(day);
        return ledger.readUserDay(user, day);
      },
    },
    [USER],
    "2026-11-01",
  );

  expect(days).toEqual(["2026-11-01", "2026-10-31"].slice(0, reads));
  expect(entries).toEqual([late, early].slice(0, reads));
});
