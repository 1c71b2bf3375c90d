import { describe, expect, test } from "vitest";
import type { Assignment, Directory } from "../../../shared/directory/directory.ts";
import { Team } from "../../../shared/directory/settings.ts";
import { exactUsd } from "../../../shared/money/nano-usd.ts";
import { PriceSettings } from "../../../shared/pricing/price-settings.ts";
import { seatRows, UnknownSeatReferenceError } from "../../../shared/reports/seat-rows.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";

const TEAMS = [
  Team.parse({ id: "team-checkout", owner: "owner-shop", costCenter: "CC-1" }),
  Team.parse({ id: "team-search", owner: "owner-search", costCenter: "CC-2" }),
];

function assigned(user: string, team: string, effectiveFrom = "2024-01-01"): Assignment {
  const { id, owner, costCenter = "" } = TEAMS.find((each) => each.id === team) ?? {};
  return {
    user,
    team: id ?? team,
    owner: owner ?? "owner-other",
    costCenter,
    useCase: "feature-work",
    effectiveFrom,
  };
}

const copilot = {
  kind: "members",
  tool: "copilot",
  pricePerMonth: "19",
  from: "2024-01-01",
  teams: ["team-checkout", "team-search"],
};
const tenSeats = {
  kind: "count",
  tool: "cursor",
  plan: "teams",
  pricePerMonth: "40",
  from: "2024-01-01",
  team: "team-search",
  seats: 10,
};

type Given = {
  readonly seats: readonly object[];
  readonly rates?: readonly object[];
  readonly month?: string;
  readonly assignments?: readonly Assignment[];
  readonly aliases?: Directory["aliases"];
};

function rowsOf({ seats, rates = [], month = "2026-10", ...directory }: Given) {
  const { assignments = [assigned("user-017", "team-checkout")], aliases = new Map() } = directory;
  return seatRows(
    PriceSettings.parse({ seats, rates }),
    { directory: { assignments, aliases }, teams: TEAMS },
    month,
  );
}

function short(given: Given) {
  return rowsOf(given).map(
    ({ day, team, person, seatDays, costNanoUsd }) =>
      `${day} ${team} ${person} ${seatDays} ${exactUsd(costNanoUsd)}`,
  );
}

describe("seatRows", () => {
  test("a member's seat of a whole month is one row at the month's price", () => {
    expect(rowsOf({ seats: [{ ...copilot, plan: "business" }] })).toEqual([
      {
        day: "2026-10-01",
        team: "team-checkout",
        costCenter: "CC-1",
        owner: "owner-shop",
        person: "user-017",
        tool: "copilot",
        provider: "",
        model: "",
        calls: 0,
        tokens: NO_TOKENS,
        unpricedCalls: 0,
        costBasis: "configured",
        costNanoUsd: 19_000_000_000n,
        charge: "seat",
        plan: "business",
        seatDays: 31,
      },
    ]);
  });

  test("seats by number are one row of the team, and of nobody in it", () => {
    expect(rowsOf({ seats: [tenSeats] })).toMatchObject([
      { team: "team-search", costCenter: "CC-2", owner: "owner-search", person: "unattributed" },
    ]);
    expect(short({ seats: [tenSeats] })).toEqual([
      "2026-10-01 team-search unattributed 310 400.000000000",
    ]);
  });

  // Worked by hand: the price, divided by the days of the month, times the days that the seat is held.
  test.each<readonly [string, Given, readonly string[]]>([
    [
      "February of a leap year has 29 days",
      { seats: [{ ...copilot, from: "2028-02-15" }], month: "2028-02" },
      // 19 × 15 / 29
      ["2028-02-15 team-checkout user-017 15 9.827586207"],
    ],
    [
      "any other has 28",
      { seats: [{ ...copilot, from: "2026-02-15" }], month: "2026-02" },
      // 19 × 14 / 28
      ["2026-02-15 team-checkout user-017 14 9.500000000"],
    ],
    [
      "the day that a rule ends on is not paid for",
      { seats: [{ ...copilot, to: "2026-10-11" }] },
      // 19 × 10 / 31
      ["2026-10-01 team-checkout user-017 10 6.129032258"],
    ],
    [
      "a price that changes within the month is two rules, each for its days",
      {
        seats: [
          { ...copilot, to: "2026-10-16" },
          { ...copilot, from: "2026-10-16", pricePerMonth: "39" },
        ],
      },
      // 19 × 15 / 31 and 39 × 16 / 31
      [
        "2026-10-01 team-checkout user-017 15 9.193548387",
        "2026-10-16 team-checkout user-017 16 20.129032258",
      ],
    ],
    [
      "who moves is charged to each team for the days there, and in all for one seat",
      {
        seats: [copilot],
        assignments: [
          assigned("user-017", "team-checkout"),
          assigned("user-017", "team-search", "2026-10-11"),
        ],
      },
      // 19 × 10 / 31 = 6.12903225806…, 19 × 21 / 31 = 12.87096774193…: the larger remainder is raised
      [
        "2026-10-01 team-checkout user-017 10 6.129032258",
        "2026-10-11 team-search user-017 21 12.870967742",
      ],
    ],
    [
      "who comes within the month has a seat from that day, and who goes to another team none from then",
      {
        seats: [copilot],
        assignments: [
          assigned("user-017", "team-checkout", "2026-10-31"),
          assigned("user-018", "team-search"),
          assigned("user-018", "team-other", "2026-10-02"),
        ],
      },
      // 19 / 31 = 0.61290322580…, twice: together 1.22580645161…
      [
        "2026-10-31 team-checkout user-017 1 0.612903226",
        "2026-10-01 team-search user-018 1 0.612903226",
      ],
    ],
    [
      "another currency is converted at the rate of each day",
      {
        seats: [{ ...tenSeats, currency: "EUR", pricePerMonth: "31", seats: 1 }],
        rates: [
          { currency: "EUR", from: "2024-01-01", usd: "1.1" },
          { currency: "EUR", from: "2026-10-21", usd: "1.25" },
        ],
      },
      // 1 EUR a day: 20 × 1.1 + 11 × 1.25
      ["2026-10-01 team-search unattributed 31 35.750000000"],
    ],
    ["a rule that has ended books nothing", { seats: [{ ...copilot, to: "2026-10-01" }] }, []],
    [
      "a rule that has not begun books nothing",
      { seats: [{ ...tenSeats, from: "2026-11-01" }] },
      [],
    ],
    ["a team without members has no seats", { seats: [copilot], assignments: [] }, []],
  ])("%s", (_, given, rows) => {
    expect(short(given)).toEqual(rows);
  });

  test("several accounts of one person are one seat", () => {
    const given = {
      seats: [copilot],
      assignments: [assigned("user-017", "team-checkout"), assigned("alias-1", "team-search")],
      aliases: new Map([["alias-1", "user-017"]]),
    };

    expect(short(given)).toEqual(["2026-10-01 team-checkout user-017 31 19.000000000"]);
  });

  test("a team or a rate that is not there is an error: no seat is left out in silence", () => {
    const holders = { directory: { assignments: [], aliases: new Map() }, teams: TEAMS };
    const { seats } = PriceSettings.parse({ seats: [{ ...tenSeats, team: "team-other" }] });
    const [inUsd] = PriceSettings.parse({ seats: [tenSeats] }).seats;
    const inEuro = inUsd === undefined ? [] : [{ ...inUsd, currency: "EUR" }];

    expect(() => seatRows({ seats, rates: [] }, holders, "2026-10")).toThrow(
      new UnknownSeatReferenceError("no team has the id team-other"),
    );
    expect(() => seatRows({ seats: inEuro, rates: [] }, holders, "2026-10")).toThrow(
      new UnknownSeatReferenceError("no rate of EUR on 2026-10-01"),
    );
  });
});
