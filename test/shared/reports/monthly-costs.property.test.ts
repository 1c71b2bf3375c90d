import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { directoryLookup } from "../../../shared/directory/directory.ts";
import { nanoUsdFromDecimal } from "../../../shared/money/nano-usd.ts";
import { monthlyCosts } from "../../../shared/reports/monthly-costs.ts";
import { monthlyCostsCsv } from "../../../shared/reports/monthly-costs-csv.ts";
import { aCostLine, aUserDay } from "../../support/user-days.ts";

const name = fc.oneof(
  fc.constantFrom("user-017", "user-018", "alias-1"),
  fc.string({ unit: "binary-ascii", maxLength: 6 }),
);
const day = fc.constantFrom("2026-10-01", "2026-10-02", "2026-10-31");
const line = fc
  .record({
    tool: name,
    model: name,
    calls: fc.nat(1_000),
    costNanoUsd: fc.bigInt({ min: 0n, max: 10n ** 18n }),
  })
  .map(aCostLine);
const userDays = fc.array(
  fc.record({ user: name, day, lines: fc.array(line, { maxLength: 3 }) }).map(aUserDay),
  { maxLength: 8 },
);
const directory = directoryLookup({
  assignments: [
    {
      user: "user-017",
      team: "team-checkout",
      costCenter: "CC-1",
      owner: "owner-shop",
      useCase: "feature-work",
      effectiveFrom: "2026-10-02",
    },
  ],
  aliases: new Map([["alias-1", "user-017"]]),
});

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

describe("the monthly report", () => {
  test("no nano-dollar is lost or found: lines of the file, teams and roll-ups sum to one total", () => {
    fc.assert(
      fc.property(userDays, (days) => {
        const costs = monthlyCosts(days, directory, "2026-10");
        const records: readonly Record<string, string>[] = parse(monthlyCostsCsv(costs.rows), {
          columns: true,
          record_delimiter: "\r\n",
        });

        const fromFile = sum(records.map((record) => nanoUsdFromDecimal(record["cost_usd"] ?? "")));
        expect(fromFile).toBe(costs.totalNanoUsd);
        expect(sum(costs.byTeam.map(({ totalNanoUsd }) => totalNanoUsd))).toBe(fromFile);
        expect(sum(days.map(({ costNanoUsd }) => costNanoUsd))).toBe(fromFile);
      }),
    );
  });

  test("each combination of its keys is one row", () => {
    fc.assert(
      fc.property(userDays, (days) => {
        const { rows } = monthlyCosts(days, directory, "2026-10");
        const keys = rows.map(({ day: on, team, person, tool, provider, model }) =>
          JSON.stringify([on, team, person, tool, provider, model]),
        );
        expect(new Set(keys).size).toBe(rows.length);
      }),
    );
  });
});
