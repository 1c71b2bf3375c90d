import { describe, expect, test } from "vitest";
import type { BacktestResult } from "../../../infra/backtest/backtest.ts";
import { resultLines } from "../../../infra/backtest/backtest-text.ts";
import { summariseAlerts } from "../../../infra/backtest/summary.ts";
import type { Alert } from "../../../shared/alerts/alert.ts";
import { aFollowUp, aWindowAlert } from "../../support/alerts.ts";

function aResult(followUps: readonly Alert[]): BacktestResult {
  const alerts = [aWindowAlert()];
  return {
    alerts,
    followUps,
    sessionScores: [],
    unpricedCalls: 0,
    answersWithoutAlert: 0,
    summary: summariseAlerts(alerts),
    nights: 7,
    learningNights: 0,
  };
}

describe("resultLines", () => {
  test("says by type and owner what would have been told", () => {
    const lines = resultLines({ configured: aResult([]) });

    expect(lines).toContain("TOKENMAXXING  1       $412.50  $301.21");
    expect(lines).toContain("owner-shop  1       1.0     1");
    expect(lines.join()).not.toContain("Later");
  });

  test("says what became of alerts at later ages, if anything did", () => {
    const followUps = [aFollowUp("resolved"), aFollowUp("resolved"), aFollowUp("raised")];

    expect(resultLines({ configured: aResult(followUps) })).toContain(
      "Later 2 were resolved by work that came, and 1 raised by work undone.",
    );
  });
});
