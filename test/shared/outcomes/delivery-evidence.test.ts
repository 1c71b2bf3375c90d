import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import { deliveryEvidence } from "../../../shared/outcomes/delivery-evidence.ts";
import { aDeployment, anIncident, linesAdded, MERGED_MS, unitsOf } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";

const USER = aSessionDay().user;

describe("deliveryEvidence", () => {
  test("it lists what the days' sessions earned, task by task, the most first", () => {
    const before = aSessionDay({ session: "s1", firstMs: MERGED_MS - 8 * DAY_MS });
    const within = aSessionDay({ session: "s2", firstMs: MERGED_MS - DAY_MS });
    const other = aSessionDay({
      session: "s3",
      firstMs: MERGED_MS - DAY_MS,
      branches: ["feat/y"],
    });
    const units = unitsOf(
      [
        anOutcomeEvent(),
        anOutcomeEvent({ id: "y", branch: "feat/y", commits: [], size: linesAdded(4) }),
      ],
      { sessions: [before, within, other] },
    );

    expect(deliveryEvidence(units, USER, "2026-10-03", "2026-10-10")).toEqual({
      credit: 0.7,
      counted: [
        { task: "acme/web feat/x", credit: 0.5, state: "survived" },
        { task: "acme/web feat/y", credit: 0.2, state: "survived" },
      ],
      notCounted: [],
    });
  });

  test("it says that an incident took the credit back", () => {
    const incident = anIncident({ commits: anOutcomeEvent().commits });

    const units = unitsOf([anOutcomeEvent(), incident]);

    expect(deliveryEvidence(units, USER, "2026-10-03", "2026-10-10").notCounted).toEqual([
      {
        id: "github:acme/web#4242",
        reason: "it was taken back: an incident in production named it",
      },
    ]);
  });

  test("it says of each outcome that did not count why, in our own words", () => {
    const units = unitsOf([
      anOutcomeEvent({ size: linesAdded(90, 90) }),
      aDeployment({ id: "deploy-1", environment: "<b>staging</b>" }),
      aDeployment({ id: "deploy-2", user: "user-2", status: "failed" }),
      anOutcomeEvent({ id: "old", timeMs: MERGED_MS - 30 * DAY_MS, size: linesAdded(0) }),
    ]);

    expect(deliveryEvidence(units, USER, "2026-10-03", "2026-10-10").notCounted).toEqual([
      {
        id: "github:acme/web#4242",
        reason: "it changes nothing but generated, lock, vendored or whitespace lines",
      },
      { id: "deploy-1", reason: "it was not deployed to production" },
    ]);
  });
});
