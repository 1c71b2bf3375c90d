import { describe, expect, test } from "vitest";
import { directoryLookup } from "../../../shared/directory/directory.ts";
import { reconcile } from "../../../shared/reconciliation/reconcile.ts";
import { teamCoverage } from "../../../shared/reconciliation/team-coverage.ts";
import { flatPriceBook } from "../../support/usage-event-builder.ts";
import { aCostLine, aUserDay } from "../../support/user-days.ts";

const in_ = (user: string, team: string, effectiveFrom: string) => ({
  user,
  team,
  costCenter: "CC-1",
  owner: "owner-shop",
  useCase: "feature-work",
  effectiveFrom,
});
const directory = directoryLookup({
  assignments: [
    in_("a", "team-checkout", "2026-01-01"),
    in_("a", "team-search", "2026-10-06"),
    in_("b", "team-platform", "2026-01-01"),
  ],
  aliases: new Map([["a-at-work", "a"]]),
});

function coverageOf(userDays: Parameters<typeof reconcile>[0]["userDays"]) {
  return teamCoverage(
    reconcile({ userDays, statements: [], priceBook: flatPriceBook({}), directory }),
    directory,
  );
}

const seen = (costNanoUsd: bigint) => [aCostLine({ costNanoUsd })];
const reported = (costNanoUsd: bigint) => [aCostLine({ costNanoUsd, grain: "day" })];

describe("teamCoverage", () => {
  test("is the share of reported dollars that telemetry saw, in the team of that day", () => {
    expect(
      coverageOf([
        aUserDay({ user: "a", day: "2026-10-05", lines: seen(3n), otherGrain: reported(4n) }),
        aUserDay({ user: "a-at-work", day: "2026-10-06", lines: reported(4n) }),
      ]),
    ).toEqual([
      { team: "team-checkout", reportedNanoUsd: 4n, matchedNanoUsd: 3n, coverageRatio: 0.75 },
      { team: "team-search", reportedNanoUsd: 4n, matchedNanoUsd: 0n, coverageRatio: 0 },
    ]);
  });

  test("more telemetry of one person does not make up for the silence of another", () => {
    const [team] = coverageOf([
      aUserDay({ user: "b", day: "2026-10-05", lines: seen(100n), otherGrain: reported(10n) }),
      aUserDay({ user: "b", day: "2026-10-06", lines: reported(10n) }),
    ]);

    expect(team).toMatchObject({ coverageRatio: 0.5 });
  });

  test("is not known of a team whose spend no provider reported", () => {
    const [, team] = coverageOf([
      aUserDay({ user: "a", day: "2026-10-05", lines: reported(1n) }),
      aUserDay({ user: "b", day: "2026-10-05", lines: seen(10n) }),
    ]);

    expect(team).toEqual({ team: "team-platform", reportedNanoUsd: 0n, matchedNanoUsd: 0n });
  });
});
