import { describe, expect, test } from "vitest";
import * as z from "zod";
import { PriceSettings } from "../../../shared/pricing/price-settings.ts";

function faultsOf(prices: unknown): readonly string[] {
  const result = PriceSettings.safeParse(prices);
  return (result.error?.issues ?? []).map(
    ({ path, message }) => `${z.core.toDotPath(path)}: ${message}`,
  );
}

const members = {
  kind: "members",
  tool: "copilot",
  pricePerMonth: "19",
  from: "2026-10-01",
  teams: ["team-checkout", "team-search"],
};
const count = {
  kind: "count",
  tool: "copilot",
  pricePerMonth: "19",
  from: "2026-10-01",
  team: "team-search",
  seats: 5,
};
const inEuro = { ...members, currency: "EUR" };
const overlap =
  "seats[1]: overlaps seats[0]: the same tool, plan and team on the same days; set from and to";

describe("seats of PriceSettings", () => {
  test.each<readonly [string, object, string]>([
    [
      "a kind that is none",
      { seats: [{ ...members, kind: "people" }] },
      "seats[0].kind: must be members or count",
    ],
    [
      "a price that is a floating number",
      { seats: [{ ...members, pricePerMonth: 19 }] },
      "seats[0].pricePerMonth: must be a decimal number as text, not negative, such as 19.00",
    ],
    [
      "a day that no calendar has",
      { seats: [{ ...members, from: "2026-02-29" }] },
      "seats[0].from: must be a day in UTC, such as 2026-10-01",
    ],
    [
      "a period that ends before it begins",
      { seats: [{ ...members, to: "2026-10-01" }] },
      "seats[0].to: must be after from: the day itself is not included",
    ],
    [
      "a tool without a name",
      { seats: [{ ...members, tool: " " }] },
      "seats[0].tool: must be a name of 1 to 64 characters",
    ],
    [
      "a number of seats on a rule for members",
      { seats: [{ ...members, seats: 3 }] },
      'seats[0]: Unrecognized key: "seats"',
    ],
    [
      "half a seat",
      { seats: [{ ...count, seats: 0.5 }] },
      "seats[0].seats: Invalid input: expected int, received number",
    ],
    [
      "a currency without a rate",
      { seats: [inEuro] },
      "seats[0].currency: there is no rate of EUR on 2026-10-01",
    ],
    [
      "a currency whose first rate begins after the seats: those days would have no price",
      { seats: [inEuro], rates: [{ currency: "EUR", from: "2026-10-02", usd: "1.1" }] },
      "seats[0].currency: there is no rate of EUR on 2026-10-01",
    ],
    ["the same seats twice", { seats: [members, members] }, overlap],
    ["members of a team whose seats are counted too", { seats: [members, count] }, overlap],
    [
      "an old price that does not end where the new one begins",
      {
        seats: [
          { ...count, to: "2026-11-02" },
          { ...count, from: "2026-11-01", tool: "Copilot" },
        ],
      },
      overlap,
    ],
  ])("refuses %s", (_, prices, fault) => {
    expect(faultsOf(prices)).toEqual([fault]);
  });

  test.each<readonly [string, readonly object[]]>([
    [
      "one price after the other",
      [
        { ...count, to: "2026-11-01" },
        { ...count, from: "2026-11-01" },
      ],
    ],
    [
      "the new price first",
      [
        { ...count, from: "2026-11-01" },
        { ...count, to: "2026-11-01" },
      ],
    ],
    ["other teams", [{ ...members, teams: ["team-checkout"] }, count]],
    ["other plans", [members, { ...count, plan: "enterprise" }]],
    ["other tools", [members, { ...count, tool: "cursor" }]],
  ])("takes %s", (_, seats) => {
    expect(faultsOf({ seats })).toEqual([]);
  });

  test("takes another currency that has a rate on the first day", () => {
    const rates = [{ currency: "EUR", from: "2026-10-01", usd: "1.1" }];

    expect(faultsOf({ seats: [inEuro], rates })).toEqual([]);
  });
});
