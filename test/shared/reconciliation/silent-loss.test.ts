import { describe, expect, test } from "vitest";
import { addDays } from "../../../shared/ledger/calendar.ts";
import type { Reconciled } from "../../../shared/reconciliation/reconcile.ts";
import { providerGaps, quietSources } from "../../../shared/reconciliation/silent-loss.ts";
import { silentLossText } from "../../../shared/reconciliation/silent-loss-text.ts";
import { aCostLine, aUserDay } from "../../support/user-days.ts";

/** A Thursday. */
const DAY = "2026-10-15";
const WORKDAYS_BEFORE = [-7, -6, -3, -2, -1];

function usedOn(offsets: readonly number[], tool = "claude-code") {
  return offsets.map((offset) =>
    aUserDay({ day: addDays(DAY, offset), lines: [aCostLine({ tool })] }),
  );
}

describe("quietSources", () => {
  test("names a tool that was in use and stated nothing for a day", () => {
    expect(quietSources(usedOn(WORKDAYS_BEFORE), DAY)).toEqual([
      { tool: "claude-code", lastDay: "2026-10-14" },
    ]);
  });

  test("leaves a tool in peace that is still in use, also if others fell silent", () => {
    const days = [...usedOn([...WORKDAYS_BEFORE, 0], "codex"), ...usedOn(WORKDAYS_BEFORE)];

    expect(quietSources(days, DAY).map(({ tool }) => tool)).toEqual(["claude-code"]);
  });

  test("a weekend is no silence: nothing came on that weekday a week ago either", () => {
    expect(quietSources(usedOn([-6, -5, -4, -3, -2]), DAY)).toEqual([]);
  });

  test("a tool that somebody tried once is not missed", () => {
    expect(quietSources(usedOn([-7]), DAY)).toEqual([]);
  });

  test("a daily report is no sign of life of telemetry", () => {
    const reported = aUserDay({ day: DAY, lines: [aCostLine({ grain: "day" })] });

    expect(quietSources([...usedOn(WORKDAYS_BEFORE), reported], DAY)).toHaveLength(1);
  });

  test("a source that a report has taken the place of in the sums is still alive", () => {
    const day = aUserDay({
      day: DAY,
      lines: [aCostLine({ grain: "day" })],
      otherGrain: [aCostLine()],
    });

    expect(quietSources([...usedOn(WORKDAYS_BEFORE), day], DAY)).toEqual([]);
  });
});

function aComparison(missing: bigint, reported: bigint, person?: string): Reconciled {
  return {
    against: "cost",
    provider: "anthropic",
    period: DAY,
    ...(person === undefined ? {} : { person }),
    telemetryNanoUsd: reported - missing,
    reportedNanoUsd: reported,
    matchedNanoUsd: reported - missing,
    missingInTelemetryNanoUsd: missing,
    missingAtProviderNanoUsd: 0n,
    unpricedCalls: 0,
    unpricedRows: 0,
  };
}

describe("providerGaps", () => {
  test.each([
    ["a dollar of a hundred", 1_000_000_000n, 100_000_000_000n, 0],
    ["a cent more", 1_010_000_000n, 100_000_000_000n, 1],
    ["half a percent", 5_000_000_000n, 1_000_000_000_000n, 0],
    ["a cent more than half a percent", 5_010_000_000n, 1_000_000_000_000n, 1],
  ])("%s: told of only above a dollar and half a percent", (_, missing, reported, told) => {
    expect(providerGaps([aComparison(missing, reported)], DAY)).toHaveLength(told);
  });

  test("takes the people of a provider together: many small gaps are a large one", () => {
    const small = ["a", "b", "c"].map((person) =>
      aComparison(400_000_000n, 2_000_000_000n, person),
    );

    expect(providerGaps(small, DAY)).toMatchObject([{ missingInTelemetryNanoUsd: 1_200_000_000n }]);
    expect(providerGaps(small, "2026-10-14")).toEqual([]);
  });
});

describe("silentLossText", () => {
  test("says what fell silent and what is missing, in dollars, and what to do", () => {
    const message = silentLossText({
      quiet: [{ tool: "codex", lastDay: "2026-10-13" }],
      gaps: providerGaps([aComparison(1_500_000_000n, 20_000_000_000n)], DAY),
    });

    expect(message?.text).toBe(`SENT NOTHING FOR A DAY
- codex: in use a week ago, last heard of on 2026-10-13 (UTC).

REPORTED, BUT NOT SEEN
- anthropic, 2026-10-15: $1.50 of $20.00 in its report of costs came by no telemetry.

Costs and alerts are too low until this is mended. What to do: docs/runbooks.md#spend-may-be-missing
`);
  });

  test("says nothing if there is nothing to say", () => {
    expect(silentLossText({ quiet: [], gaps: [] })).toBeUndefined();
  });
});
