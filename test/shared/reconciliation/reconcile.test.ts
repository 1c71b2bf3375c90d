import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { UserDay } from "../../../shared/ledger/roll-ups.ts";
import type { ProviderStatement } from "../../../shared/reconciliation/provider-statement.ts";
import { reconcile } from "../../../shared/reconciliation/reconcile.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";
import { flatPriceBook } from "../../support/usage-event-builder.ts";
import { aCostLine, aUserDay } from "../../support/user-days.ts";

const DAY = "2026-10-05";
const priceBook = flatPriceBook({ "claude-sonnet-4-5": 1_000n });

const directory = { personOf: (user: string) => (user === "kiro:a" ? "a" : user) };

const call = (costNanoUsd: bigint) => aCostLine({ tool: "claude-code", costNanoUsd });
const report = (costNanoUsd: bigint) =>
  aCostLine({ tool: "claude-code", costNanoUsd, grain: "day" });

function reconciled(userDays: readonly UserDay[], statements: readonly ProviderStatement[] = []) {
  return reconcile({ userDays, statements, priceBook, directory });
}

function aStatement(overrides: Partial<ProviderStatement> = {}): ProviderStatement {
  return {
    provider: "anthropic",
    kind: "cost",
    from: DAY,
    to: "2026-10-06",
    row: "all",
    asOfMs: 1,
    costNanoUsd: 10n,
    ...overrides,
  };
}

describe("reconcile, by person", () => {
  test("tells apart what both saw, what only the report saw, and what only telemetry saw", () => {
    const rows = reconciled([
      aUserDay({ user: "a", day: DAY, lines: [call(10n)], otherGrain: [report(12n)] }),
      aUserDay({ user: "b", day: DAY, lines: [report(5n)] }),
      aUserDay({ user: "c", day: DAY, lines: [call(7n)] }),
    ]);

    expect(
      rows.map((row) => [
        row.person,
        row.matchedNanoUsd,
        row.missingInTelemetryNanoUsd,
        row.missingAtProviderNanoUsd,
      ]),
    ).toEqual([
      ["a", 10n, 2n, 0n],
      ["b", 0n, 5n, 0n],
      ["c", 0n, 0n, 7n],
    ]);
  });

  test("is the same whichever side is the authority", () => {
    const one = reconciled([aUserDay({ day: DAY, lines: [call(10n)], otherGrain: [report(12n)] })]);
    const other = reconciled([
      aUserDay({ day: DAY, lines: [report(12n)], otherGrain: [call(10n)] }),
    ]);

    expect(one).toEqual(other);
  });

  test("takes a person for one whom telemetry and report name differently", () => {
    const [row, ...others] = reconciled([
      aUserDay({ user: "a", day: DAY, lines: [call(10n)] }),
      aUserDay({ user: "kiro:a", day: DAY, lines: [report(10n)] }),
    ]);

    expect(row).toMatchObject({ person: "a", matchedNanoUsd: 10n, missingInTelemetryNanoUsd: 0n });
    expect(others).toEqual([]);
  });

  test("compares no day of which no report has come: silence is no statement of nothing", () => {
    expect(reconciled([aUserDay({ day: DAY, lines: [call(10n)] })])).toEqual([]);
  });

  test("counts calls without a price beside the dollars, not as nothing", () => {
    const unpriced = aCostLine({
      tool: "claude-code",
      calls: 3,
      unpricedCalls: 3,
      costNanoUsd: 0n,
    });

    const [row] = reconciled([
      aUserDay({ day: DAY, lines: [unpriced], otherGrain: [report(12n)] }),
    ]);

    expect(row).toMatchObject({ unpricedCalls: 3, missingInTelemetryNanoUsd: 12n });
  });
});

describe("reconcile, against statements", () => {
  test("adds up a provider's rows of a day and holds all of its calls against them", () => {
    const rows = reconciled(
      [
        aUserDay({ user: "a", day: DAY, lines: [call(10n)] }),
        aUserDay({ user: "b", day: DAY, lines: [call(5n)] }),
      ],
      [aStatement({ row: "one" }), aStatement({ row: "two", costNanoUsd: 8n })],
    );

    expect(rows).toEqual([
      {
        against: "cost",
        provider: "anthropic",
        period: DAY,
        telemetryNanoUsd: 15n,
        reportedNanoUsd: 18n,
        matchedNanoUsd: 15n,
        missingInTelemetryNanoUsd: 3n,
        missingAtProviderNanoUsd: 0n,
        unpricedCalls: 0,
        unpricedRows: 0,
      },
    ]);
  });

  test("holds the whole month against an invoice", () => {
    const [row] = reconciled(
      [
        aUserDay({ day: "2026-10-01", lines: [call(10n)] }),
        aUserDay({ day: "2026-10-31", lines: [call(5n)] }),
        aUserDay({ day: "2026-11-01", lines: [call(100n)] }),
      ],
      [aStatement({ kind: "invoice", from: "2026-10-01", to: "2026-11-01", costNanoUsd: 20n })],
    );

    expect(row).toMatchObject({
      against: "invoice",
      period: "2026-10",
      telemetryNanoUsd: 15n,
      missingInTelemetryNanoUsd: 5n,
    });
  });

  test("values tokens without a price as calls with short prompts", () => {
    const usage = aStatement({
      kind: "usage",
      model: "claude-sonnet-4-5",
      tokens: { ...NO_TOKENS, uncachedInput: 250_000 },
    });
    const { costNanoUsd: _, ...withoutMoney } = usage;

    // Three calls of at most 100,000 tokens at 1,000 nano-USD a call.
    expect(reconciled([], [withoutMoney])[0]).toMatchObject({ reportedNanoUsd: 3_000n });
    expect(reconciled([], [{ ...withoutMoney, model: "unknown" }])[0]).toMatchObject({
      reportedNanoUsd: 0n,
      unpricedRows: 1,
    });
  });

  test("does not take a person's reported day for a call that telemetry saw", () => {
    const [, row] = reconciled([aUserDay({ day: DAY, lines: [report(10n)] })], [aStatement()]);

    expect(row).toMatchObject({ telemetryNanoUsd: 0n, missingInTelemetryNanoUsd: 10n });
  });
});

test("both sides always add up to what was matched and what was missed", () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });
  const aDay = fc
    .record({ calls: fc.option(amount), reported: fc.option(amount), user: fc.string() })
    .map(({ calls, reported, user }) =>
      aUserDay({
        user,
        day: DAY,
        lines: calls === null ? [] : [call(calls)],
        ...(reported === null ? {} : { otherGrain: [report(reported)] }),
      }),
    );
  fc.assert(
    fc.property(fc.array(aDay), amount, (userDays, costNanoUsd) => {
      for (const row of reconciled(userDays, [aStatement({ costNanoUsd })])) {
        expect(row.matchedNanoUsd + row.missingInTelemetryNanoUsd).toBe(row.reportedNanoUsd);
        expect(row.matchedNanoUsd + row.missingAtProviderNanoUsd).toBe(row.telemetryNanoUsd);
      }
    }),
  );
});
