import { describe, expect, test } from "vitest";
import type { Alert, AlertReview } from "../../../shared/alerts/alert.ts";
import { nightAlerts } from "../../../shared/scoring/night-alerts.ts";
import type { ReviewedWeek } from "../../../shared/scoring/review-weeks.ts";
import { aDayAlert, aTeamAlert, aWindowAlert } from "../../support/alerts.ts";
import { scoringInput } from "../../support/scored-organisation.ts";
import { someSettings } from "../../support/settings.ts";
import { syntheticOrganisation } from "../../support/synthetic-organisation.ts";

const { directory } = scoringInput(syntheticOrganisation({ seed: 1, users: 1, weeks: 1 }));

/** A night that found one of each, and what else came of later looks. */
function found(reviews: readonly ReviewedWeek[] = []) {
  return nightAlerts(
    {
      windows: {
        scores: [],
        alerts: [as("user-window", aWindowAlert())],
        teamShifts: [as("team-window", aTeamAlert())],
        calibrationUnits: 0,
      },
      days: { judgements: [], alerts: [as("user-day", aDayAlert())] },
      reviews,
    },
    someSettings(),
    directory,
  );
}

function as<Kind extends Alert["unit"]["kind"]>(
  kind: Kind,
  { unit, team, owner, asOfMs, evidence }: Alert,
) {
  if (unit.kind !== kind) {
    throw new Error(`expected a ${kind}, got ${unit.kind}`);
  }
  return { unit: unit as Extract<Alert["unit"], { kind: Kind }>, team, owner, asOfMs, evidence };
}

/** What a look at 72 hours made of a week. */
function reviewed(review: Pick<AlertReview, "verdict" | "of">): ReviewedWeek {
  return {
    ...as("user-window", aWindowAlert()),
    review: { age: "72h", before: { costNanoUsd: 1n, credit: 2 }, changes: [], ...review },
  };
}

describe("nightAlerts", () => {
  test("a follow-up comes last under an id of alert, age and verdict, and nothing keeps it quiet", () => {
    const of = { id: "week-user-017-2026-10-12", asOfMs: 7 };

    const told = found([reviewed({ verdict: "resolved", of })]).at(-1);

    expect(told).toMatchObject({
      alert: { id: "week-user-017-2026-10-12-72h-resolved", review: { of } },
      quiet: { types: [], days: 0 },
    });
  });

  test("a week that is unusual only at a later age is told as any other, if its person was not told of", () => {
    const told = found([reviewed({ verdict: "opened" })]).at(1);

    expect(told).toMatchObject({
      alert: { id: "week-user-017-2026-10-12", review: { verdict: "opened" } },
      quiet: { types: ["TOKENMAXXING"] },
    });
  });

  test("a person's week comes before their day, so that the day finds it told", () => {
    expect(found().map(({ alert }) => alert.type)).toEqual([
      "TOKENMAXXING",
      "SPEND_SPIKE",
      "TEAM_SHIFT",
    ]);
  });

  test("each has the id of its unit", () => {
    expect(found().map(({ alert }) => alert.id)).toEqual([
      "week-user-017-2026-10-12",
      "day-user-017-2026-10-06",
      "team-week-team-checkout-2026-10-12",
    ]);
  });

  test("a day is quiet after its week or a session, a week only after a week, a team for 28 days", () => {
    const { quietDays } = someSettings().scoring;

    expect(found().map(({ quiet }) => quiet)).toEqual([
      { types: ["TOKENMAXXING"], days: quietDays },
      { types: ["SPEND_SPIKE", "TOKENMAXXING", "RUNAWAY"], days: quietDays },
      { types: ["TEAM_SHIFT"], days: 28 },
    ]);
  });
});
