import { beforeEach, describe, expect, test } from "vitest";
import { reportCostsHandler } from "../../../functions/report-costs/report-costs.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { PriceSettings } from "../../../shared/pricing/price-settings.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { inMemoryOutcomeLedger } from "../../support/in-memory-outcome-ledger.ts";
import { inMemoryReportStore } from "../../support/in-memory-report-store.ts";
import { inMemoryRollUps } from "../../support/in-memory-roll-ups.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { someSettings } from "../../support/settings.ts";
import { aCostLine, aUserDay } from "../../support/user-days.ts";

const DAYS = ["2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01", "2025-12-31"];

function setup(prices: unknown = {}) {
  const outcomes = inMemoryOutcomeLedger();
  const lines = [aCostLine({ costNanoUsd: 1_500_000_001n })];
  const reports = inMemoryReportStore();
  const report = reportCostsHandler({
    rollUps: inMemoryRollUps({ userDays: DAYS.map((day) => aUserDay({ day, lines })) }),
    directory: {
      read: () =>
        Promise.resolve({
          assignments: [
            {
              user: "user-017",
              team: "team-checkout",
              costCenter: "CC-1",
              owner: "owner-shop",
              useCase: "feature-work",
              effectiveFrom: "2026-01-01",
            },
          ],
          aliases: new Map(),
        }),
    },
    reports,
    prices: PriceSettings.parse(prices),
    outcomes,
    settings: someSettings({
      teams: [{ id: "team-checkout", owner: "checkout-owner", costCenter: "CC-1" }],
      useCases: [
        { id: "tender-answer", owner: "checkout-owner", unit: "a tender answered", weight: 2.5 },
      ],
    }),
  });
  return { report, reports: reports.reports, store: reports, outcomes };
}

let logged: readonly unknown[];
beforeEach(() => {
  logged = capturedLog();
});

describe("reportCostsHandler", () => {
  test("writes the month so far as CSV and summary, and answers what they sum to", async () => {
    const { report, reports } = setup();
    const result = {
      month: "2026-10",
      path: "reports/2026-10/costs.csv",
      totalNanoUsd: "3000000002",
      rows: 2,
      provisional: true,
    };

    expect(
      await report({ scheduledTime: "2026-10-31T05:00:00Z", period: "month-to-date" }),
    ).toEqual(result);

    expect(logged).toEqual([result]);
    expect(reports.get(result.path)).toMatchObject({ contentType: "text/csv; charset=utf-8" });
    expect(reports.get(result.path)?.body.split("\r\n")).toHaveLength(4);
    expect(JSON.parse(reports.get("reports/2026-10/summary.json")?.body ?? "")).toEqual({
      month: "2026-10",
      provisional: true,
      generatedFor: "2026-10-31T05:00:00Z",
      totalNanoUsd: "3000000002",
      totalUsd: "3.000000002",
      usageNanoUsd: "3000000002",
      usageUsd: "3.000000002",
      seatNanoUsd: "0",
      seatUsd: "0.000000000",
      rows: 2,
      unpricedCalls: 0,
      byTeam: [
        {
          team: "team-checkout",
          costCenter: "CC-1",
          calls: 2,
          unpricedCalls: 0,
          totalNanoUsd: "3000000002",
          totalUsd: "3.000000002",
          usageNanoUsd: "3000000002",
          usageUsd: "3.000000002",
          seatNanoUsd: "0",
          seatUsd: "0.000000000",
        },
      ],
      byUseCase: [
        {
          useCase: "feature-work",
          registered: false,
          calls: 2,
          unpricedCalls: 0,
          usageNanoUsd: "3000000002",
          usageUsd: "3.000000002",
        },
        {
          useCase: "tender-answer",
          registered: true,
          owner: "checkout-owner",
          unit: "a tender answered",
          calls: 0,
          unpricedCalls: 0,
          usageNanoUsd: "0",
          usageUsd: "0.000000000",
          delivered: { pieces: 0, units: "0.000000" },
        },
      ],
      priceBooks: ["2026-10-01"],
    });
  });

  test("books the seats of the whole month beside usage, also before it is over", async () => {
    const seat = { tool: "copilot", pricePerMonth: "19", from: "2026-01-01" };
    const { report, reports } = setup({
      seats: [
        { kind: "members", ...seat, teams: ["team-checkout"] },
        { kind: "count", ...seat, plan: "enterprise", team: "team-checkout", seats: 2 },
      ],
    });

    await report({ scheduledTime: "2026-10-02T05:00:00Z", period: "month-to-date" });

    const totals = {
      usageUsd: "3.000000002",
      seatUsd: "57.000000000",
      totalUsd: "60.000000002",
    };
    expect(JSON.parse(reports.get("reports/2026-10/summary.json")?.body ?? "")).toMatchObject({
      ...totals,
      rows: 4,
      byTeam: [{ team: "team-checkout", calls: 2, ...totals }],
    });
  });

  test("states what was delivered of a registered use case, as it stood when the run was due", async () => {
    const { report, reports, outcomes } = setup();
    const { size: _, branch: __, ...event } = anOutcomeEvent({ commits: [] });
    const piece = (id: string, time: string, more: Partial<OutcomeEvent> = {}) =>
      outcomes.append({
        ...event,
        id,
        user: `user-${id}`,
        timeMs: Date.parse(time),
        kind: "use_case",
        useCase: "tender-answer",
        ...more,
      });
    for (const at of [1, 2, 3, 4, 5]) {
      await piece(`${at}`, `2026-10-0${at}T10:00:00Z`);
    }
    await piece("of-september", "2026-09-30T23:59:59Z");
    await piece("of-november", "2026-11-01T00:00:00Z");
    await piece("undone", "2026-10-31T10:00:00Z");
    await piece("undoing", "2026-11-02T05:00:00Z", { reverts: "undone" });
    await piece("undone-later", "2026-10-31T10:00:00Z");
    await piece("undoing-later", "2026-11-02T07:00:00Z", { reverts: "undone-later" });

    await report({ scheduledTime: "2026-11-02T06:00:00Z", period: "previous-month" });

    const { byUseCase } = JSON.parse(reports.get("reports/2026-10/summary.json")?.body ?? "");
    expect(byUseCase).toMatchObject([
      { useCase: "feature-work" },
      { useCase: "tender-answer", delivered: { pieces: 6, units: "15.000000" } },
    ]);
  });

  test("withholds what fewer than five people delivered and spent", async () => {
    const { report, reports, outcomes } = setup();
    await outcomes.append({
      ...anOutcomeEvent({ kind: "use_case", useCase: "tender-answer" }),
      timeMs: Date.parse("2026-10-05T10:00:00Z"),
    });

    await report({ scheduledTime: "2026-11-02T06:00:00Z", period: "previous-month" });

    const summary = reports.get("reports/2026-10/summary.json")?.body ?? "";
    expect(JSON.parse(summary).byUseCase[1]).toMatchObject({
      useCase: "tender-answer",
      delivered: { withheld: "fewer than five people" },
    });
    expect(summary).not.toContain("pieces");
  });

  test.each([
    ["2026-11-02T06:00:00Z", "previous-month", "2026-10", false],
    ["2026-01-02T06:00:00Z", "previous-month", "2025-12", false],
    ["2026-03-31T06:00:00Z", "previous-month", "2026-02", false],
    ["2026-10-01T05:00:00Z", "month-to-date", "2026-10", true],
    ["2026-11-01T00:30:00+01:00", "month-to-date", "2026-10", true],
  ])("at %s, %s is %s in UTC", async (scheduledTime, period, month, provisional) => {
    const { report, reports } = setup();

    expect(await report({ scheduledTime, period })).toMatchObject({ month, provisional });
    expect([...reports.keys()]).toEqual([
      `reports/${month}/costs.csv`,
      `reports/${month}/summary.json`,
    ]);
  });

  test("run again it writes the same bytes", async () => {
    const [first, second] = [setup(), setup()];
    const event = { scheduledTime: "2026-11-02T06:00:00Z", period: "previous-month" };

    await first.report(event);
    await second.report(event);
    await second.report(event);

    expect(second.reports).toEqual(first.reports);
  });

  test("writes no summary if the rows could not be written: it would speak of a file that is not there", async () => {
    const { store, report } = setup();
    const put = store.put;
    Object.assign(store, {
      put: (path: string, ...rest: [string, string]) =>
        path.endsWith(".csv") ? Promise.reject(new Error("SlowDown")) : put(path, ...rest),
    });

    await expect(
      report({ scheduledTime: "2026-11-02T06:00:00Z", period: "previous-month" }),
    ).rejects.toThrow("SlowDown");
    expect(store.reports.size).toBe(0);
  });

  test.each([
    {},
    { scheduledTime: "<aws.scheduler.scheduled-time>", period: "previous-month" },
    { scheduledTime: "2026-11-02T06:00:00Z", period: "year" },
  ])("%j is an error, so that no report of a wrong month is written", async (event) => {
    const { report, reports } = setup();

    await expect(report(event)).rejects.toThrow();
    expect(reports.size).toBe(0);
  });
});
