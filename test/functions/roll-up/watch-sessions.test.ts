import { describe, expect, test } from "vitest";
import { watchSessions } from "../../../functions/roll-up/watch-sessions.ts";
import { directoryLookup } from "../../../shared/directory/directory.ts";
import { dayOf } from "../../../shared/ledger/calendar.ts";
import { foldUserDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { learnRunawayLimits } from "../../../shared/scoring/runaway-limit.ts";
import { inMemoryAlertOutbox } from "../../support/in-memory-alert-outbox.ts";
import { inMemoryRollUps } from "../../support/in-memory-roll-ups.ts";
import { someSettings } from "../../support/settings.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const USER = "user-017-pseudonym-aaa";
const NOW = Date.parse("2026-10-06T10:00:00Z");
const COHORT = "team-checkout feature-work";
const usd = (amount: number) => BigInt(amount) * 1_000_000_000n;

/** 199 sessions that delivered, at 1 to 199 cents: the limit at one in a hundred is 1.98 USD. */
const limits = learnRunawayLimits(
  Array.from({ length: 199 }, (_, n) => ({
    cohort: COHORT,
    costNanoUsd: BigInt(n + 1) * 10_000_000n,
    creditMicroUnits: 1_000_000,
  })),
  { alpha: 0.01, hardCapUsd: 200 },
);

function aSession({ costUsd = 5, at = NOW - 60_000, session = "s1" } = {}) {
  const { sessionDays } = foldUserDay(
    USER,
    dayOf(at),
    [aUsageEvent({ session, timeMs: at, model: "m" })],
    { priceBook: flatPriceBook({ m: usd(costUsd) }), authority: REQUESTS_FIRST },
  );
  return sessionDays;
}

function setup({ known = true, before = [] as ReturnType<typeof aSession> } = {}) {
  const outbox = inMemoryAlertOutbox();
  const watch = watchSessions({
    rollUps: inMemoryRollUps({ sessionDays: before }),
    limits: async () => (known ? limits : undefined),
    directory: async () =>
      directoryLookup({
        assignments: [
          {
            user: USER,
            team: "team-checkout",
            costCenter: "CC-1001",
            owner: "checkout-owner",
            useCase: "feature-work",
            effectiveFrom: "2026-01-01",
          },
        ],
        aliases: new Map(),
      }),
    outbox,
    settings: someSettings(),
    nowMs: () => NOW,
  });
  return { watch, outbox };
}

describe("watchSessions", () => {
  test("reports an open session that costs more than sessions which delivered, once", async () => {
    const { watch, outbox } = setup();

    await watch(aSession({ costUsd: 5 }));
    await watch(aSession({ costUsd: 9 }));

    const pending = await outbox.pending();
    expect(pending.map(({ alert }) => alert)).toMatchObject([
      {
        id: `session-${USER}-s1`,
        type: "RUNAWAY",
        owner: "checkout-owner",
        evidence: { costNanoUsd: usd(5), calibrationUnits: 199, expected: { cohort: COHORT } },
      },
    ]);
  });

  test("leaves a session alone that costs what sessions cost", async () => {
    const { watch, outbox } = setup();

    await watch(aSession({ costUsd: 1 }));

    expect(await outbox.pending()).toEqual([]);
  });

  test("adds what the session cost under the person's other names", async () => {
    const { watch, outbox } = setup();
    const [byMail, byKey] = [aSession({ costUsd: 1 }), aSession({ costUsd: 2, at: NOW - 30_000 })];

    await watch([...byMail, ...byKey.map((day) => ({ ...day, user: "key" }))]);

    expect((await outbox.pending()).map(({ alert }) => alert)).toMatchObject([
      { asOfMs: NOW - 30_000, evidence: { costNanoUsd: usd(3) } },
    ]);
  });

  test("adds what the session cost before midnight", async () => {
    const yesterday = aSession({ costUsd: 1, at: Date.parse("2026-10-05T23:50:00Z") });
    const { watch, outbox } = setup({ before: yesterday });

    await watch(aSession({ costUsd: 1 }));

    expect((await outbox.pending())[0]?.alert.evidence.costNanoUsd).toBe(usd(2));
  });

  test("adds what the session has cost since midnight, when calls of the day before come late", async () => {
    const today = aSession({ costUsd: 1, at: Date.parse("2026-10-06T00:10:00Z") });
    const { watch, outbox } = setup({ before: today });

    await watch(aSession({ costUsd: 1, at: Date.parse("2026-10-05T23:50:00Z") }));

    expect((await outbox.pending())[0]?.alert.evidence.costNanoUsd).toBe(usd(2));
  });

  test("does not call history an open session: an import of last month alerts nobody", async () => {
    const { watch, outbox } = setup();

    await watch(aSession({ costUsd: 500, at: NOW - 24 * 3_600_000 }));

    expect(await outbox.pending()).toEqual([]);
  });

  test("holds to the hard cap before the first night, when nothing is learnt", async () => {
    const { watch, outbox } = setup({ known: false });

    await watch(aSession({ costUsd: 150, session: "under" }));
    await watch(aSession({ costUsd: 250, session: "over" }));

    expect((await outbox.pending()).map(({ alert }) => alert.unit)).toMatchObject([
      { session: "over" },
    ]);
  });
});
