import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import { scoreSessions } from "../../../shared/scoring/session-score.ts";
import { MERGED_MS } from "../../support/delivery.ts";
import { scored, scoringInput } from "../../support/scored-organisation.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";
import { syntheticOrganisation } from "../../support/synthetic-organisation.ts";

describe("edge cases of the model", () => {
  test("an organisation of ten people is scored, and a calm week of it raises no alert", () => {
    const { scores, alerts, learning } = scored(syntheticOrganisation({ seed: 4, users: 10 }));

    expect(learning).toBeUndefined();
    expect(scores.filter(({ kind }) => kind === "scored").length).toBeGreaterThanOrEqual(8);
    expect(alerts).toEqual([]);
  });

  test("sessions that all cost the same are none of them unusual: ties count against the score", () => {
    const sessionDays = Array.from({ length: 30 }, (_, at) => aSessionDay({ session: `s${at}` }));
    const { directory } = scoringInput(syntheticOrganisation({ seed: 4, users: 1, weeks: 1 }));
    const asOfMs = MERGED_MS + 30 * DAY_MS;

    const { all, scoreOf } = scoreSessions({
      sessionDays,
      deliveries: () => new Map(),
      asOfMs,
      directory,
    });

    expect(all.map(scoreOf).map((score) => score.kind === "scored" && score.p)).toEqual(
      Array.from({ length: 30 }, () => 1),
    );
  });
});
