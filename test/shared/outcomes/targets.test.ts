import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { aDeployment, creditOf, MERGED_MS, reasonsOf, unitsOf } from "../../support/delivery.ts";

const HOUR_MS = 3_600_000;

/** A step of one issue, so many hours after the first. */
function aStep(hours: number, status: "succeeded" | "rolled_back", issue = "10041"): OutcomeEvent {
  return {
    id: `jira:acme.example.com/${issue}#${hours}`,
    timeMs: MERGED_MS + hours * HOUR_MS,
    kind: "issue_resolved",
    user: "user-1",
    task: `SHOP-${issue}`,
    target: `jira:acme.example.com/${issue}`,
    commits: [],
    sessions: [],
    status,
  };
}

describe("an issue that is resolved more than once", () => {
  const done = aStep(0, "succeeded");
  const reopened = aStep(24, "rolled_back");
  const doneAgain = aStep(48, "succeeded");

  test("leaving done takes the credit back, and being done again earns it again", () => {
    const all = [done, reopened, doneAgain];

    expect(creditOf(all, { asOfMs: done.timeMs })).toBe(1);
    expect(creditOf(all, { asOfMs: reopened.timeMs })).toBe(0);
    expect(creditOf(all, { asOfMs: doneAgain.timeMs })).toBe(1);
    expect(creditOf(all.toReversed())).toBe(1);
  });

  test("being done again starts a new survival period", () => {
    const asOfMs = MERGED_MS + 8 * DAY_MS;

    expect(unitsOf([done], { asOfMs })).toMatchObject([{ state: "survived" }]);
    expect(unitsOf([done, reopened, doneAgain], { asOfMs })).toMatchObject([
      { state: "provisional", firstDeliveredMs: doneAgain.timeMs },
    ]);
  });

  test("another step into done, such as from Done to Closed, earns no second unit", () => {
    expect(creditOf([done, aStep(2, "succeeded")])).toBe(1);
  });

  test("steps of an issue that was never resolved are no news, and are not listed", () => {
    expect(unitsOf([aStep(-2, "rolled_back"), aStep(-1, "rolled_back")])).toEqual([]);
    expect(reasonsOf([aStep(-1, "rolled_back"), done])).toEqual({});
  });

  test("another issue of the same day keeps its credit", () => {
    expect(creditOf([done, aStep(1, "succeeded", "10042"), reopened])).toBe(1);
  });
});

describe("a service that is rolled back", () => {
  const deployed = (version: number) =>
    aDeployment({
      id: `deploy-${version}`,
      timeMs: MERGED_MS + version * HOUR_MS,
      target: "widgets",
      artifact: `sha256:${version}`,
      user: `user-${version}`,
    });
  const three = [deployed(1), deployed(2), deployed(3)];
  const rolledBack = (overrides: Partial<OutcomeEvent>) => [
    ...three,
    aDeployment({
      id: "rollback",
      timeMs: MERGED_MS + 9 * HOUR_MS,
      target: "widgets",
      status: "rolled_back",
      ...overrides,
    }),
  ];
  const undoneBy = (overrides: Partial<OutcomeEvent>) =>
    Object.entries(reasonsOf(rolledBack(overrides)))
      .filter(([, reason]) => reason === "undone")
      .map(([id]) => id);

  test("to an earlier artifact loses what was deployed since, and not the one that is live again", () => {
    expect(undoneBy({ artifact: "sha256:1" })).toEqual(["deploy-2", "deploy-3"]);
    expect(undoneBy({ artifact: "sha256:2" })).toEqual(["deploy-3"]);
  });

  test("from the artifact that it names loses that one: some senders name what they take away", () => {
    expect(undoneBy({ artifact: "sha256:3" })).toEqual(["deploy-3"]);
  });

  test("to something that was never seen here, or not named, loses the latest", () => {
    expect(undoneBy({ artifact: "sha256:0" })).toEqual(["deploy-3"]);
    expect(undoneBy({})).toEqual(["deploy-3"]);
  });

  test("of another name loses nothing, even where the artifact is the same", () => {
    expect(undoneBy({ target: "gadgets", artifact: "sha256:1" })).toEqual([]);
  });
});
