import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import { aDeployment, creditOf, linesAdded, MERGED_MS, reasonsOf } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

describe("deployments", () => {
  test("one that no change explains earns half a unit", () => {
    expect(creditOf([aDeployment()])).toBe(0.5);
  });

  test.each([
    { by: "names", link: { change: "github:acme/web#4242" } },
    { by: "shares a commit with", link: { commits: ["0d1a26e6aaaabbbb"] } },
    { by: "has the task of", link: { task: "WEB-77" } },
  ])("one that $by a change adds nothing to it", ({ link }) => {
    const change = anOutcomeEvent({ size: linesAdded(5), task: "WEB-77" });

    expect(creditOf([change, aDeployment(link)])).toBe(0.25);
    expect(reasonsOf([change, aDeployment(link)])).toEqual({ "deploy-1": "change-counted" });
  });

  test("shipping a change of nothing earns nothing either", () => {
    const noOp = anOutcomeEvent({ size: linesAdded(0) });

    expect(creditOf([noOp, aDeployment({ change: noOp.id })])).toBe(0);
  });

  test.each([
    { what: "artifact", link: { artifact: "sha256:aa" } },
    { what: "commit", link: { commits: ["feedbeef01"] } },
  ])("the same $what again delivers nothing, whoever deploys it", ({ link }) => {
    const again = aDeployment({
      id: "deploy-2",
      user: "user-2",
      timeMs: MERGED_MS + 5 * DAY_MS,
      ...link,
    });

    expect(creditOf([aDeployment(link), again])).toBe(0.5);
    expect(reasonsOf([aDeployment(link), again])).toEqual({ "deploy-2": "same-artifact" });
  });

  test("an artifact that was only on staging before is new in production", () => {
    const artifact = "sha256:aa";
    const staging = aDeployment({ id: "staging", artifact, environment: "staging" });
    const production = aDeployment({ artifact, timeMs: MERGED_MS + DAY_MS });

    expect(creditOf([staging, production])).toBe(0.5);
    expect(reasonsOf([staging, production])).toEqual({ staging: "not-production" });
  });

  test("a failed deployment and one to an unnamed environment earn nothing", () => {
    const { environment: _, ...nowhere } = aDeployment({ id: "nowhere" });

    expect(reasonsOf([aDeployment({ status: "failed" }), nowhere])).toEqual({
      "deploy-1": "failed",
      nowhere: "not-production",
    });
  });
});
