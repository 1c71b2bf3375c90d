import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { addDays, dayOf, startOfDay } from "../../../shared/ledger/calendar.ts";
import { foldUserDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import type { PriceBook } from "../../../shared/pricing/price-book.ts";
import { judgeNight } from "../../../shared/scoring/judge-night.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { scoringInput } from "../../support/scored-organisation.ts";
import { someSettings } from "../../support/settings.ts";
import { syntheticOrganisation } from "../../support/synthetic-organisation.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const SOME = { numRuns: 4 };
const CALLS_PER_SESSION = 3;
const NANO_USD_PER_TOKEN = 1_000n;
/** Of these people's sessions, the first call is before midnight and the others are after it. */
const NIGHT_OWLS = ["user-00004", "user-00005"];
const TO_MIDNIGHT_MS = 15.99 * 3_600_000;

const organisation = syntheticOrganisation({
  seed: 5,
  users: 24,
  weeks: 12,
  peculiarityOf: (user, back) =>
    user === "user-00003" && back === 0 ? { costPerCall: 8, delivery: 0 } : {},
});
const events = organisation.sessionDays.flatMap(callsOf);
const priceBook: PriceBook = {
  version: "output-only",
  listCost: ({ tokens }) => BigInt(tokens.output) * NANO_USD_PER_TOKEN,
};

type Session = (typeof organisation.sessionDays)[number];

/** Calls that cost as much as the session; every other first one is told of by a second source, too. */
function callsOf({ user, session, firstMs, costNanoUsd, branches }: Session): UsageEvent[] {
  const output = Number(costNanoUsd / NANO_USD_PER_TOKEN) / CALLS_PER_SESSION;
  const startMs =
    firstMs + (NIGHT_OWLS.includes(user) ? TO_MIDNIGHT_MS - (firstMs % 3_600_000) : 0);
  const calls = Array.from({ length: CALLS_PER_SESSION }, (_, n) =>
    aUsageEvent({
      id: `${session}-${n}`,
      timeMs: startMs + n * 120_000,
      user,
      session,
      branch: branches[0] ?? "",
      fingerprint: n === 2 ? "again" : `${session}-${n % 2}`,
      tokens: { output: Math.round(output) },
    }),
  );
  const [first] = calls;
  return first === undefined || session.endsWith("1")
    ? calls
    : [...calls, { ...first, tier: "standard", reportedCostNanoUsd: costNanoUsd / 3n }];
}

/** Ledger, roll-ups and judgement of a history that comes in these batches: every digit of it. */
async function nightOf(batches: readonly (readonly UsageEvent[])[]): Promise<string> {
  const ledger = inMemoryUsageLedger();
  for (const batch of batches) {
    await ledger.append(batch);
  }
  const folded = [...Map.groupBy(ledger.events(), ({ user }) => user)].flatMap(([user, own]) => {
    const days = Map.groupBy(own, ({ timeMs }) => dayOf(timeMs));
    return [...days.keys()].map((day) => {
      const entries = [-1, 0, 1].flatMap((beside) => days.get(addDays(day, beside)) ?? []);
      return foldUserDay(user, day, entries, { priceBook, authority: REQUESTS_FIRST });
    });
  });
  const night = judgeNight({
    asOfMs: startOfDay(organisation.end) + 6 * 3_600_000,
    userDays: folded.map(({ userDay }) => userDay),
    sessionDays: folded.flatMap(({ sessionDays }) => sessionDays),
    outcomes: organisation.outcomes,
    directory: scoringInput(organisation).directory,
    settings: someSettings(),
  });
  const sessions = night.sessions.all.map(night.sessions.scoreOf);
  return JSON.stringify({ ...night, sessions }, (_, value) =>
    typeof value === "bigint" ? `${value}` : value,
  );
}

/** All events, in any order, cut anywhere; some batches are sent again. */
const deliveries = fc
  .record({
    shuffled: fc.shuffledSubarray(events, { minLength: events.length }),
    cuts: fc.uniqueArray(fc.nat({ max: events.length }), { maxLength: 200 }),
  })
  .chain(({ shuffled, cuts }) => {
    const ends = [...cuts.sort((a, b) => a - b), events.length];
    const batches = ends.map((end, at) => shuffled.slice(ends[at - 1] ?? 0, end));
    return fc.subarray(batches).map((again) => [...batches, ...again]);
  });

describe("a night's scores", () => {
  let expected = "";

  beforeAll(async () => {
    expected = await nightOf([events]);
  });

  test("there is something to tell apart: people, days, sessions and an alert", () => {
    const { windows, days, sessions } = JSON.parse(expected);

    expect(windows.alerts[0].unit.user).toBe("user-00003");
    expect(days.judgements.length).toBeGreaterThan(0);
    expect(sessions.some(({ kind }: { kind: string }) => kind === "scored")).toBe(true);
  });

  test("do not depend on how the records were cut into batches, nor on batches sent again", async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async (batches) => {
        expect((await nightOf(batches)) === expected).toBe(true);
      }),
      SOME,
    );
  });
});
