import { describe, expect, test } from "vitest";
import { recomputeDay } from "../../../functions/roll-up/recompute-day.ts";
import { openLedger } from "../../../infra/backtest/ledger-source.ts";
import { runBacktest } from "../../../infra/backtest/run-backtest.ts";
import { addDays, startOfDay } from "../../../shared/ledger/calendar.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { inMemoryAlertOutbox } from "../../support/in-memory-alert-outbox.ts";
import { inMemoryOutcomeLedger } from "../../support/in-memory-outcome-ledger.ts";
import { inMemoryRollUps } from "../../support/in-memory-roll-ups.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { someSettings } from "../../support/settings.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const DAY = "2026-10-05";
const NOBODY = { assignments: [], aliases: new Map() };
const PRICE_BOOK = flatPriceBook({ "claude-sonnet-4-5": 1_000_000_000n });

/** A stack that has stored a session of 30 calls, at a dollar each. */
async function storedSession() {
  const stores = { ledger: inMemoryUsageLedger(), rollUps: inMemoryRollUps() };
  const calls = Array.from({ length: 30 }, (_, at) =>
    aUsageEvent({ id: `call-${at}`, timeMs: startOfDay(DAY) + (600 + at) * 60_000 }),
  );
  await stores.ledger.append(calls);
  await recomputeDay(
    { ...stores, priceBook: PRICE_BOOK, authority: REQUESTS_FIRST },
    [aUsageEvent().user],
    DAY,
  );
  return {
    ...stores,
    outcomes: inMemoryOutcomeLedger(),
    directory: { read: async () => NOBODY },
    register: inMemoryAlertOutbox().register,
  };
}

async function alertsWithin(span: { readonly from: string; readonly to: string }) {
  const stores = await storedSession();
  const { source } = await openLedger(stores, span);
  const variant = {
    settings: someSettings({ scoring: { sessionHardCapUsd: 20 } }),
    directory: NOBODY,
    onNight: () => Promise.resolve(),
  };
  const rules = { priceBook: PRICE_BOOK, scoredAtMs: 3 * 3_600_000 };
  const [result] = await runBacktest(source, span, [variant], rules, () => undefined);
  return result?.alerts;
}

describe("a backtest of what a stack has stored", () => {
  test("tells of a session at the call with which it passed its limit", async () => {
    expect(await alertsWithin({ from: DAY, to: addDays(DAY, 2) })).toMatchObject([
      { type: "RUNAWAY", asOfMs: startOfDay(DAY) + 620 * 60_000 },
    ]);
  });

  test("learns from the days before its span, and tells nothing of them", async () => {
    expect(await alertsWithin({ from: addDays(DAY, 1), to: addDays(DAY, 3) })).toEqual([]);
  });
});
