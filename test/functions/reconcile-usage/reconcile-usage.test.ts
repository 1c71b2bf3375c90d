import { beforeEach, describe, expect, test } from "vitest";
import { reconcileUsageHandler } from "../../../functions/reconcile-usage/reconcile-usage.ts";
import { addDays } from "../../../shared/ledger/calendar.ts";
import type { UserDay } from "../../../shared/ledger/roll-ups.ts";
import type { ProviderStatement } from "../../../shared/reconciliation/provider-statement.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { inMemoryNotifier } from "../../support/in-memory-notifier.ts";
import { inMemoryReportStore } from "../../support/in-memory-report-store.ts";
import { inMemoryRollUps } from "../../support/in-memory-roll-ups.ts";
import { flatPriceBook } from "../../support/usage-event-builder.ts";
import { aCostLine, aUserDay } from "../../support/user-days.ts";

/** A Friday; the day that is settled by then is 2026-10-12, a Monday. */
const NIGHT = { scheduledTime: "2026-10-16T04:30:00Z" };
const SETTLED = "2026-10-12";

beforeEach(() => {
  capturedLog();
});

function setup(userDays: readonly UserDay[], statements: readonly ProviderStatement[] = []) {
  const { reports, ...store } = inMemoryReportStore();
  const notifier = inMemoryNotifier();
  const run = reconcileUsageHandler({
    rollUps: inMemoryRollUps({ userDays }),
    statements: {
      readBetween: (from, to) =>
        Promise.resolve(statements.filter((one) => one.from >= from && one.from < to)),
    },
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
    reports: store,
    notifier,
    priceBook: flatPriceBook({}),
  });
  return { run, reports, notifier };
}

const call = (usd: number) => aCostLine({ costNanoUsd: BigInt(usd) * 1_000_000_000n });
const report = (usd: number) => ({ ...call(usd), grain: "day" as const });

describe("reconcileUsageHandler", () => {
  test("writes what telemetry saw and providers said, and how much of a team was seen", async () => {
    const { run, reports } = setup([
      aUserDay({ day: "2026-10-05", lines: [call(3)], otherGrain: [report(4)] }),
    ]);

    expect(await run(NIGHT)).toMatchObject({ months: ["2026-10"], comparisons: 1 });

    expect(reports.get("reports/2026-10/reconciliation.csv")?.body).toBe(
      [
        "period,provider,against,tool,team,person,telemetry_usd,reported_usd,matched_usd,missing_in_telemetry_usd,missing_at_provider_usd,unpriced_calls,unpriced_rows",
        "2026-10-05,anthropic,person-report,claude-code,team-checkout,user-017,3.000000000,4.000000000,3.000000000,1.000000000,0.000000000,0,0",
        "",
      ].join("\r\n"),
    );
    expect(
      JSON.parse(reports.get("reports/2026-10/reconciliation.json")?.body ?? ""),
    ).toMatchObject({
      byProvider: [{ provider: "anthropic", missingInTelemetryUsd: "1.000000000" }],
      coverage: [{ team: "team-checkout", coverageRatio: 0.75 }],
    });
  });

  test("tells of a gap on the day that it is settled, and not before or again", async () => {
    const { run, notifier } = setup([
      aUserDay({ day: SETTLED, lines: [call(3)], otherGrain: [report(10)] }),
    ]);

    await run({ scheduledTime: "2026-10-15T04:30:00Z" });
    expect(notifier.told).toEqual([]);

    await run(NIGHT);
    expect(notifier.told.map(({ text }) => text).join()).toContain(
      "anthropic, 2026-10-12: $7.00 of $10.00",
    );

    await run({ scheduledTime: "2026-10-17T04:30:00Z" });
    expect(notifier.told).toHaveLength(1);
  });

  test("tells of a source that was in use and fell silent yesterday", async () => {
    const days = [-8, -7, -4, -3, -2].map((offset) =>
      aUserDay({ day: addDays("2026-10-16", offset), lines: [call(1)] }),
    );
    const { run, notifier } = setup(days);

    expect(await run(NIGHT)).toMatchObject({ quietSources: 1 });

    expect(notifier.told[0]?.text).toContain("claude-code: in use a week ago");
  });

  test("holds an invoice against its month on the eighth, when finance has entered it", async () => {
    const invoice: ProviderStatement = {
      provider: "anthropic",
      kind: "invoice",
      from: "2026-10-01",
      to: "2026-11-01",
      row: "INV-1",
      asOfMs: 1,
      costNanoUsd: 100_000_000_000n,
    };
    const { run, notifier } = setup(
      [aUserDay({ day: "2026-10-05", lines: [call(90)] })],
      [invoice],
    );

    expect(await run({ scheduledTime: "2026-11-08T04:30:00Z" })).toMatchObject({
      months: ["2026-10", "2026-11"],
      gaps: 1,
    });
    expect(notifier.told[0]?.text).toContain(
      "anthropic, 2026-10: $10.00 of $100.00 in the invoice",
    );
  });

  test("says nothing to nobody if all is well, but writes the books", async () => {
    const { run, reports, notifier } = setup([]);

    expect(await run(NIGHT)).toEqual({
      months: ["2026-10"],
      comparisons: 0,
      quietSources: 0,
      gaps: 0,
    });
    expect(notifier.told).toEqual([]);
    expect(reports.size).toBe(2);
  });
});
