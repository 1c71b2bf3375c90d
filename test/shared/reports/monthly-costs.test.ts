import { describe, expect, test } from "vitest";
import { type Directory, directoryLookup } from "../../../shared/directory/directory.ts";
import { monthlyCosts } from "../../../shared/reports/monthly-costs.ts";
import { NO_TOKENS, UNATTRIBUTED } from "../../../shared/usage/usage-event.ts";
import { aCostLine, aUserDay } from "../../support/user-days.ts";

const checkout = {
  team: "team-checkout",
  costCenter: "CC-1",
  owner: "owner-shop",
  useCase: "feature-work",
};
const search = { ...checkout, team: "team-search", costCenter: "CC-2" };

function costsOf(userDays: Parameters<typeof monthlyCosts>[0], directory: Partial<Directory> = {}) {
  const lookup = directoryLookup({
    assignments: [
      { user: "user-017", ...checkout, effectiveFrom: "2026-01-01" },
      { user: "user-018", ...search, effectiveFrom: "2026-01-01" },
    ],
    aliases: new Map(),
    ...directory,
  });
  return monthlyCosts(userDays, lookup, "2026-10");
}

describe("monthlyCosts", () => {
  test("has one row for each person's day, tool, provider and model", () => {
    const { rows } = costsOf([aUserDay({ lines: [aCostLine({ calls: 3, costNanoUsd: 7n })] })]);

    expect(rows).toEqual([
      {
        day: "2026-10-05",
        team: "team-checkout",
        costCenter: "CC-1",
        owner: "owner-shop",
        person: "user-017",
        tool: "claude-code",
        provider: "anthropic",
        model: "claude-sonnet-4-5",
        calls: 3,
        tokens: { ...NO_TOKENS, uncachedInput: 100, output: 50 },
        unpricedCalls: 0,
        costBasis: "list",
        costNanoUsd: 7n,
        charge: "usage",
        plan: "",
        seatDays: 0,
      },
    ]);
  });

  test("merges the aliases of one person into one row", () => {
    const lines = [aCostLine({ calls: 2, costNanoUsd: 5n, unpricedCalls: 1 })];

    const { rows } = costsOf(
      [aUserDay({ user: "alias-1", lines }), aUserDay({ user: "user-017", lines })],
      { aliases: new Map([["alias-1", "user-017"]]) },
    );

    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      person: "user-017",
      team: "team-checkout",
      calls: 4,
      unpricedCalls: 2,
      costNanoUsd: 10n,
      tokens: { uncachedInput: 200, output: 100 },
    });
  });

  test("merged lines keep the credits of each", () => {
    const lines = (used: number) => [aCostLine({ tool: "kiro", credits: { used, overage: 1 } })];

    const { rows } = costsOf(
      [
        aUserDay({ user: "alias-1", lines: lines(5) }),
        aUserDay({ user: "alias-2", lines: [aCostLine({ tool: "kiro" })] }),
        aUserDay({ user: "user-017", lines: lines(7) }),
      ],
      {
        aliases: new Map([
          ["alias-1", "user-017"],
          ["alias-2", "user-017"],
        ]),
      },
    );

    expect(rows).toMatchObject([{ calls: 3, credits: { used: 12, overage: 2 } }]);
  });

  test("charges each day to where the person belonged on that day", () => {
    const { rows } = costsOf([aUserDay({ day: "2026-10-14" }), aUserDay({ day: "2026-10-15" })], {
      assignments: [
        { user: "user-017", ...checkout, effectiveFrom: "2026-01-01" },
        { user: "user-017", ...search, effectiveFrom: "2026-10-15" },
      ],
    });

    expect(rows.map(({ day, team, costCenter }) => [day, team, costCenter])).toEqual([
      ["2026-10-14", "team-checkout", "CC-1"],
      ["2026-10-15", "team-search", "CC-2"],
    ]);
  });

  test("spend of nobody, and of people outside the directory, is a visible line", () => {
    const { rows, byTeam } = costsOf([
      aUserDay({ user: UNATTRIBUTED }),
      aUserDay({ user: "user-999" }),
    ]);

    expect(rows.map(({ person, team }) => [person, team])).toEqual([
      ["unattributed", "unassigned"],
      ["user-999", "unassigned"],
    ]);
    expect(byTeam).toEqual([
      {
        team: "unassigned",
        costCenter: "unassigned",
        calls: 2,
        unpricedCalls: 0,
        totalNanoUsd: 2_100_000n,
        usageNanoUsd: 2_100_000n,
        seatNanoUsd: 0n,
      },
    ]);
  });

  test.each([
    ["list", { calls: 4, unpricedCalls: 1, reportedBasisCalls: 0 }],
    ["reported", { calls: 4, unpricedCalls: 1, reportedBasisCalls: 3 }],
    ["mixed", { calls: 4, unpricedCalls: 1, reportedBasisCalls: 2 }],
    ["configured", { calls: 4, unpricedCalls: 1, configuredBasisCalls: 3 }],
    ["mixed", { calls: 4, unpricedCalls: 1, configuredBasisCalls: 2 }],
    ["mixed", { calls: 4, unpricedCalls: 1, configuredBasisCalls: 2, reportedBasisCalls: 1 }],
    ["unpriced", { calls: 4, unpricedCalls: 4, reportedBasisCalls: 0 }],
  ])("the basis is %s for %j: unknown is not free", (costBasis, counts) => {
    expect(costsOf([aUserDay({ lines: [aCostLine(counts)] })]).rows[0]).toMatchObject({
      costBasis,
    });
  });

  test("is in order of day and name, never of cost", () => {
    const line = (costNanoUsd: bigint, model = "m") => aCostLine({ costNanoUsd, model });

    const { rows } = costsOf([
      aUserDay({ user: "user-018", lines: [line(900n)] }),
      aUserDay({ user: "user-017", day: "2026-10-06", lines: [line(500n)] }),
      aUserDay({ user: "user-017", lines: [line(2n, "z"), line(800n, "B"), line(1n, "a")] }),
    ]);

    expect(rows.map(({ day, team, model }) => `${day} ${team} ${model}`)).toEqual([
      "2026-10-05 team-checkout B",
      "2026-10-05 team-checkout a",
      "2026-10-05 team-checkout z",
      "2026-10-05 team-search m",
      "2026-10-06 team-checkout m",
    ]);
  });

  test("is the same whatever the order that roll-ups are read in", () => {
    const days = ["user-018", "user-017", "user-999"].map((user) => aUserDay({ user }));

    expect(costsOf(days.toReversed())).toEqual(costsOf(days));
  });

  test("sums exactly where floating numbers would not", () => {
    const lines = [
      aCostLine({ model: "a", costNanoUsd: 9_007_199_254_740_993n }),
      aCostLine({ model: "b", costNanoUsd: 1n }),
    ];

    expect(costsOf([aUserDay({ lines })]).totalNanoUsd).toBe(9_007_199_254_740_994n);
  });

  test("takes no day of another month", () => {
    const days = ["2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01"];

    const { rows } = costsOf(days.map((day) => aUserDay({ day })));

    expect(rows.map(({ day }) => day)).toEqual(["2026-10-01", "2026-10-31"]);
  });

  test("names every price book that priced the month", () => {
    const version = (priceBook: string) => ({ version: { entries: 1, priceBook } });

    const { priceBooks } = costsOf([
      aUserDay({ day: "2026-10-02", ...version("b") }),
      aUserDay({ day: "2026-10-01", ...version("a") }),
      aUserDay({ day: "2026-10-03", ...version("b") }),
    ]);

    expect(priceBooks).toEqual(["a", "b"]);
  });

  test("a month without usage is an empty report, not an error", () => {
    expect(costsOf([])).toEqual({
      month: "2026-10",
      rows: [],
      totalNanoUsd: 0n,
      usageNanoUsd: 0n,
      seatNanoUsd: 0n,
      unpricedCalls: 0,
      byTeam: [],
      priceBooks: [],
    });
  });
});
