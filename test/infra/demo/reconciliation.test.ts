import { describe, expect, test } from "vitest";
import { phases, reportTimes, scoringTime } from "../../../infra/demo/phases.ts";
import {
  countIdentities,
  holds,
  type MonthTotals,
  moneyIdentities,
  totalOf,
} from "../../../infra/demo/reconciliation.ts";
import { csvTotal, statedTotal } from "../../../infra/demo/report-audit.ts";

const METRICS = { received: 10, committed: 6, duplicate: 2, quarantined: 1, rejected: 1 };
const ANSWERS = { received: 10, quarantined: 1, rejected: 1 };

function aMonth(totals: Partial<MonthTotals>): MonthTotals {
  return {
    month: "2026-10",
    ledgerNanoUsd: 5n,
    rollUpNanoUsd: 5n,
    reportNanoUsd: 5n,
    statedNanoUsd: 5n,
    ...totals,
  };
}

function broken(identities: readonly Parameters<typeof holds>[0][]): readonly string[] {
  return identities.filter((identity) => !holds(identity)).map((identity) => identity.name);
}

describe("countIdentities", () => {
  test("all hold when every record is accounted for in three places", () => {
    expect(broken(countIdentities(METRICS, ANSWERS, 6))).toEqual([]);
  });

  test.each([
    ["a record that the metrics lost", { ...METRICS, duplicate: 1 }, ANSWERS, 6, 1],
    ["a record that was sent and not counted", METRICS, { ...ANSWERS, received: 11 }, 6, 1],
    ["a record in the ledger that nobody sent", METRICS, ANSWERS, 7, 1],
    ["a rejection that the sender was not told of", METRICS, { ...ANSWERS, rejected: 0 }, 6, 1],
  ])("%s breaks one", (_what, metrics, answers, entries, count) => {
    expect(broken(countIdentities(metrics, answers, entries))).toHaveLength(count);
  });
});

describe("moneyIdentities", () => {
  test("hold when ledger, roll-ups and report agree in every month", () => {
    expect(broken(moneyIdentities([aMonth({}), aMonth({ month: "2026-11" })]))).toEqual([]);
  });

  test("one nano-dollar is enough to break the month and the total", () => {
    const months = [aMonth({ reportNanoUsd: 6n, statedNanoUsd: 6n })];

    expect(broken(moneyIdentities(months))).toEqual([
      "2026-10: ledger = report",
      "total: ledger = report",
    ]);
  });

  test("errors of two months that cancel out in the total are still seen", () => {
    const months = [aMonth({ rollUpNanoUsd: 6n }), aMonth({ month: "2026-11", rollUpNanoUsd: 4n })];

    expect(broken(moneyIdentities(months))).toEqual([
      "2026-10: ledger = roll-ups",
      "2026-11: ledger = roll-ups",
    ]);
    expect(totalOf(months).rollUpNanoUsd).toBe(10n);
  });
});

describe("csvTotal", () => {
  test("sums the cost of usage exactly, without seats, past what a floating number can hold", () => {
    const csv =
      "charge_category,cost_usd\r\nUsage,9007199.254740993\r\nUsage,0.000000001\r\nPurchase,19.000000000\r\n";

    expect(csvTotal({ csv, summary: "" })).toBe(9_007_199_254_740_994n);
  });

  test("the stated total is read as text, as it may pass 2^53", () => {
    expect(statedTotal({ csv: "", summary: '{"usageNanoUsd":"9007199254740993"}' })).toBe(
      9_007_199_254_740_993n,
    );
  });
});

describe("phases", () => {
  test("cover the twelve weeks without a gap: the last two of them day by day", () => {
    const all = phases();

    expect(all).toHaveLength(10 + 14);
    expect(all.slice(1).map((phase) => phase.fromMs)).toEqual(
      all.slice(0, -1).map((phase) => phase.toMs),
    );
    expect(all.flatMap((phase) => scoringTime(phase) ?? []).slice(0, 2)).toEqual([
      "2026-09-07T03:00:00Z",
      "2026-09-14T03:00:00Z",
    ]);
    expect(scoringTime(all.at(-1) as never)).toBe("2026-11-02T03:00:00Z");
  });

  test("each month that ends in the demo is reported once, on the second of the next one", () => {
    expect(phases().flatMap(reportTimes)).toEqual([
      "2026-09-02T06:00:00Z",
      "2026-10-02T06:00:00Z",
      "2026-11-02T06:00:00Z",
    ]);
  });
});
