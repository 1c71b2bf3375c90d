import { describe, expect, test } from "vitest";
import { compareAlerts } from "../../../infra/backtest/compare-alerts.ts";
import { summariseAlerts } from "../../../infra/backtest/summary.ts";
import { type Alert, alertId } from "../../../shared/alerts/alert.ts";
import { addDays, startOfDay } from "../../../shared/ledger/calendar.ts";
import { aWindowAlert } from "../../support/alerts.ts";

/** An alert about a person's seven days that end before a day. */
function weekOf(user: string, to: string): Alert {
  const unit = { kind: "user-window", user, from: addDays(to, -7), to } as const;
  return { ...aWindowAlert(), unit, id: alertId(unit), asOfMs: startOfDay(to) };
}

describe("alerts under two settings", () => {
  test("the same week a night later is in both; another person's and another week are not", () => {
    const [early, late] = [weekOf("user-001", "2026-10-10"), weekOf("user-001", "2026-10-11")];
    const [other, next] = [weekOf("user-002", "2026-10-10"), weekOf("user-001", "2026-10-20")];

    expect(compareAlerts([early, other], [late, next])).toEqual({
      both: [{ configured: early, whatIf: late }],
      onlyConfigured: [other],
      onlyWhatIf: [next],
    });
  });

  test("an alert is paired once, and with its own id before any other", () => {
    const [early, late] = [weekOf("user-001", "2026-10-10"), weekOf("user-001", "2026-10-11")];

    expect(compareAlerts([early], [late, early])).toEqual({
      both: [{ configured: early, whatIf: early }],
      onlyConfigured: [],
      onlyWhatIf: [late],
    });
  });
});

describe("a summary of alerts", () => {
  test("counts them by type and by owner and week, which begins on Monday", () => {
    const sunday = weekOf("user-001", "2026-10-11");
    const monday = weekOf("user-002", "2026-10-12");

    const { byOwnerWeek, byType, ...all } = summariseAlerts([sunday, monday]);

    expect(byOwnerWeek.map(({ owner, week, alerts }) => [owner, week, alerts])).toEqual([
      [sunday.owner, "2026-10-05", 1],
      [sunday.owner, "2026-10-12", 1],
    ]);
    expect(byType).toEqual({ TOKENMAXXING: all });
    expect(all).toEqual({
      alerts: 2,
      costNanoUsd: 2n * sunday.evidence.costNanoUsd,
      excessNanoUsd: 2n * sunday.evidence.excessNanoUsd,
    });
  });
});
