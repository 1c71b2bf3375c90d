import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import type { MonthlyCostRow } from "../../../shared/reports/monthly-costs.ts";
import { monthlyCostsCsv } from "../../../shared/reports/monthly-costs-csv.ts";
import { HOSTILE_NAMES } from "../../support/hostile-names.ts";

const row: MonthlyCostRow = {
  day: "2026-10-05",
  team: "team-checkout",
  costCenter: "CC-1",
  owner: "owner-shop",
  person: "user-017",
  tool: "claude-code",
  provider: "anthropic",
  model: "claude-sonnet-4-5",
  calls: 3,
  tokens: {
    uncachedInput: 1,
    cacheRead: 2,
    cacheWrite5m: 3,
    cacheWrite1h: 4,
    output: 5,
    reasoning: 6,
  },
  unpricedCalls: 1,
  costBasis: "list",
  costNanoUsd: 16_959_000n,
  charge: "usage",
  plan: "",
  seatDays: 0,
};

function recordOf(only: MonthlyCostRow): Record<string, string> | undefined {
  const records: readonly Record<string, string>[] = parse(monthlyCostsCsv([only]), {
    columns: true,
  });
  return records[0];
}

describe("monthlyCostsCsv", () => {
  test("is a header and one line for each row, with exact costs", () => {
    expect(monthlyCostsCsv([row])).toBe(
      [
        "day,team,cost_center,owner,person,tool,provider,model,calls,uncached_input_tokens,cache_read_tokens,cache_write_5m_tokens,cache_write_1h_tokens,output_tokens,reasoning_tokens,unpriced_calls,cost_basis,cost_usd,charge_category,charge_frequency,plan,seat_days,credits_used,credits_overage",
        "2026-10-05,team-checkout,CC-1,owner-shop,user-017,claude-code,anthropic,claude-sonnet-4-5,3,1,2,3,4,5,6,1,list,0.016959000,Usage,Usage-Based,,0,,",
        "",
      ].join("\r\n"),
    );
  });

  test("says of a seat what FOCUS says: a recurring purchase", () => {
    expect(recordOf({ ...row, charge: "seat", plan: "business", seatDays: 31 })).toMatchObject({
      charge_category: "Purchase",
      charge_frequency: "Recurring",
      plan: "business",
      seat_days: "31",
    });
  });

  test("states credits to the millionth, and none where the source states none", () => {
    const credits = { used: 4_503_599_627_370_497, overage: 0 };

    expect(recordOf({ ...row, credits })).toMatchObject({
      credits_used: "4503599627.370497",
      credits_overage: "0.000000",
    });
    expect(recordOf(row)).toMatchObject({ credits_used: "", credits_overage: "" });
  });

  test("a month without usage is the header alone", () => {
    expect(monthlyCostsCsv([]).split("\r\n")).toHaveLength(2);
  });

  test.each(HOSTILE_NAMES)("%j breaks no line and runs as no formula", (name) => {
    const { day, calls, costNanoUsd } = row;

    const records = parse(
      monthlyCostsCsv([
        { ...row, team: name, costCenter: name, person: name, tool: name, model: name, plan: name },
        { ...row, day, calls, costNanoUsd },
      ]),
      { columns: true, record_delimiter: "\r\n" },
    );

    expect(records).toHaveLength(2);
    for (const column of ["team", "cost_center", "person", "tool", "model", "plan"]) {
      const cell = (records[0] as Record<string, string>)[column] ?? "";
      expect(cell).not.toMatch(/^\s*[=+\-@]|^[\t\r\n]/);
      expect([name, `'${name}`].map((text) => text.toWellFormed())).toContain(cell);
    }
    expect(records[0]).toMatchObject({ calls: "3", cost_usd: "0.016959000" });
  });

  test("a lone line feed is quoted, because many readers end a line there", () => {
    expect(monthlyCostsCsv([{ ...row, model: "a\nb" }])).toContain('"a\nb"');
  });

  test("a negative amount stays a number: the apostrophe is for names only", () => {
    expect(monthlyCostsCsv([{ ...row, costNanoUsd: -1n }])).toContain(",-0.000000001,");
  });
});
