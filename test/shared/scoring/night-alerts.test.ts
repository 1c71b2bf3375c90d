import { describe, expect, test } from "vitest";
import type { Alert } from "../../../shared/alerts/alert.ts";
import { nightAlerts } from "../../../shared/scoring/night-alerts.ts";
import { aDayAlert, aTeamAlert, aWindowAlert } from "../../support/alerts.ts";
import { scoringInput } from "../../support/scored-organisation.ts";
import { someSettings } from "../../support/settings.ts";
import { syntheticOrganisation } from "../../support/synthetic-organisation.ts";

const { directory } = scoringInput(syntheticOrganisation({ seed: 1, users: 1, weeks: 1 }));

/** A night that found one of each. */
function found() {
  return nightAlerts(
    {
      windows: {
        scores: [],
        alerts: [as("user-window", aWindowAlert())],
        teamShifts: [as("team-window", aTeamAlert())],
      },
      days: { judgements: [], alerts: [as("user-day", aDayAlert())] },
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

describe("nightAlerts", () => {
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
