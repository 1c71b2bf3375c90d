import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { directoryLookup } from "../../../shared/directory/directory.ts";
import { nanoUsdFromDecimal, sumNanoUsd } from "../../../shared/money/nano-usd.ts";
import { PriceSettings } from "../../../shared/pricing/price-settings.ts";
import { monthlyCosts } from "../../../shared/reports/monthly-costs.ts";
import { monthlyCostsCsv } from "../../../shared/reports/monthly-costs-csv.ts";
import { seatRows } from "../../../shared/reports/seat-rows.ts";
import { aUserDay } from "../../support/user-days.ts";

const assignment = fc.record({
  user: fc.constantFrom("user-017", "user-018", "user-019"),
  team: fc.constantFrom("team-checkout", "team-search", "team-other"),
  costCenter: fc.constantFrom("CC-1", "CC-2"),
  owner: fc.constant("owner-shop"),
  useCase: fc.constant("feature-work"),
  effectiveFrom: fc
    .integer({ min: 1, max: 31 })
    .map((day) => `2026-10-${`${day}`.padStart(2, "0")}`),
});
const cents = fc.integer({ min: 0, max: 100_000 });

describe("the seats of a month", () => {
  test("sum to what their rule says, however people move; usage stays what it was", () => {
    fc.assert(
      fc.property(fc.array(assignment, { maxLength: 12 }), cents, (assignments, price) => {
        const directory = { assignments, aliases: new Map<string, string>() };
        const prices = PriceSettings.parse({
          seats: [
            {
              kind: "members",
              tool: "copilot",
              pricePerMonth: (price / 100).toFixed(2),
              from: "2026-01-01",
              teams: ["team-checkout", "team-search"],
            },
          ],
        });

        const rows = seatRows(prices, { directory, teams: [] }, "2026-10");
        const userDays = [aUserDay()];
        const costs = monthlyCosts(userDays, directoryLookup(directory), "2026-10", rows);

        const days = BigInt(rows.reduce((sum, { seatDays }) => sum + seatDays, 0));
        // Cents, so ten million nano-dollars; half up, as nothing is negative.
        const ofRule = (2n * BigInt(price) * 10_000_000n * days + 31n) / (2n * 31n);
        expect(costs.seatNanoUsd).toBe(ofRule);
        expect(costs.usageNanoUsd).toBe(sumNanoUsd(userDays.map((day) => day.costNanoUsd)));
        expect(sumNanoUsd(costs.byTeam.map((team) => team.seatNanoUsd))).toBe(ofRule);

        const records: readonly Record<string, string>[] = parse(monthlyCostsCsv(costs.rows), {
          columns: true,
        });
        const purchases = records.filter((record) => record["charge_category"] === "Purchase");
        expect(
          sumNanoUsd(purchases.map((record) => nanoUsdFromDecimal(record["cost_usd"] ?? ""))),
        ).toBe(ofRule);
      }),
    );
  });
});
