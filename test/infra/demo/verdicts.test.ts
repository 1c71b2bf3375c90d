import { describe, expect, test } from "vitest";
import type { GroundTruth } from "../../../infra/demo/seasons.ts";
import { judge, type KnownAlert } from "../../../infra/demo/verdicts.ts";
import type { Alert } from "../../../shared/alerts/alert.ts";

function aTruth(truth: Partial<GroundTruth>): GroundTruth {
  return {
    user: "user-007",
    kind: "idle-loop",
    waste: true,
    from: "2026-10-12",
    to: "2026-10-15",
    note: "",
    ...truth,
  };
}

function anAlert(login: string, unit: object, team = "team-checkout"): KnownAlert {
  return { login, team, alert: { unit: { user: `pseudonym of ${login}`, ...unit } } as Alert };
}

const week = { kind: "user-window", from: "2026-10-12", to: "2026-10-19" };

describe("judge", () => {
  test("a window of the wasteful person that overlaps the waste is a catch", () => {
    const alert = anAlert("user-007", week);

    const { waste, everyday } = judge([alert], [aTruth({})]);

    expect(waste.map((each) => each.alerts)).toEqual([[alert]]);
    expect(everyday).toEqual([]);
  });

  test.each([
    ["somebody else", anAlert("user-008", week)],
    [
      "a week that ends before",
      anAlert("user-007", { ...week, from: "2026-10-05", to: "2026-10-12" }),
    ],
    [
      "a week that starts after",
      anAlert("user-007", { ...week, from: "2026-10-15", to: "2026-10-22" }),
    ],
  ])("an alert about %s is no catch: the demo must not flatter the detector", (_why, alert) => {
    const { waste, everyday } = judge([alert], [aTruth({})]);

    expect(waste.map((each) => each.alerts)).toEqual([[]]);
    expect(everyday).toEqual([alert]);
  });

  test("a runaway is caught by an alert about that session only", () => {
    const truth = aTruth({ kind: "runaway", session: "s-1" });
    const right = anAlert("user-007", { kind: "session", session: "s-1", day: "2026-10-12" });
    const other = anAlert("user-007", { kind: "session", session: "s-2", day: "2026-10-12" });

    const { waste, everyday } = judge([right, other], [truth]);

    expect(waste[0]?.alerts).toEqual([right]);
    expect(everyday).toEqual([other]);
  });

  test("an alert about a member of the launching team in that week counts against the launch", () => {
    const launch = aTruth({
      user: "team-search",
      kind: "launch-week",
      waste: false,
      to: "2026-10-19",
    });
    const alert = anAlert("user-015", week, "team-search");

    const { honest, everyday } = judge([alert], [launch]);

    expect(honest[0]?.alerts).toEqual([alert]);
    expect(everyday).toEqual([]);
  });

  test("waste comes before an honest season that it overlaps", () => {
    const launch = aTruth({ user: "team-search", waste: false });
    const waste = aTruth({ user: "user-018" });
    const alert = anAlert("user-018", week, "team-search");

    const verdicts = judge([alert], [launch, waste]);

    expect(verdicts.waste[0]?.alerts).toEqual([alert]);
    expect(verdicts.honest[0]?.alerts).toEqual([]);
  });
});
