import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import {
  aDeployment,
  creditOf,
  linesAdded,
  MERGED_MS,
  reasonsOf,
  unitsOf,
} from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

describe("undoing", () => {
  const change = anOutcomeEvent();
  const revert = anOutcomeEvent({
    id: "github:acme/web#4300",
    timeMs: MERGED_MS + 2 * DAY_MS,
    user: "user-2",
    branch: "revert-4242",
    commits: ["ffffffff"],
    reverts: change.id,
  });

  test("a revert takes the credit back as of its time, and earns nothing itself", () => {
    expect(creditOf([change, revert], { asOfMs: MERGED_MS + DAY_MS })).toBe(1);
    expect(creditOf([change, revert])).toBe(0);
    expect(reasonsOf([change, revert])).toEqual({ [change.id]: "undone", [revert.id]: "undoing" });
    expect(unitsOf([change, revert])).toMatchObject([{ state: "reverted", counted: [] }]);
  });

  test("a revert may name a commit, in full or shortened", () => {
    const long = anOutcomeEvent({ commits: ["0d1a26e6deadbeef"] });

    expect(creditOf([long, { ...revert, reverts: "0d1a26e" }])).toBe(0);
    expect(creditOf([change, { ...revert, reverts: "0D1A26E6DEADBEEF" }])).toBe(0);
    expect(creditOf([change, { ...revert, reverts: "0d1a" }])).toBe(1);
  });

  test("a revert of the revert restores the credit, once", () => {
    const restored = anOutcomeEvent({
      id: "github:acme/web#4301",
      timeMs: MERGED_MS + 3 * DAY_MS,
      branch: "revert-4300",
      reverts: revert.id,
      commits: [],
    });

    expect(creditOf([change, revert, restored])).toBe(1);
    expect(creditOf([change, revert, restored], { asOfMs: revert.timeMs })).toBe(0);
  });

  test("a revert that is told of twice, by pull request and by commit, is undone at once", () => {
    const push = anOutcomeEvent({
      ...revert,
      id: "github:acme/web@ffffffff",
      reverts: "0d1a26e6",
    });
    const restored = anOutcomeEvent({
      id: "github:acme/web#4301",
      timeMs: MERGED_MS + 3 * DAY_MS,
      reverts: revert.id,
      commits: [],
    });

    expect(creditOf([change, revert, push, restored])).toBe(1);
  });

  test("a revert of what is not known, or came later, undoes nothing", () => {
    expect(creditOf([change, { ...revert, reverts: "github:acme/web#1" }])).toBe(1);
    expect(creditOf([change, { ...revert, timeMs: MERGED_MS - DAY_MS }])).toBe(1);
  });

  test("a revert that failed undoes nothing", () => {
    expect(creditOf([change, { ...revert, status: "failed" }])).toBe(1);
  });

  test("after a revert, the rest of the task still counts", () => {
    const rest = anOutcomeEvent({ id: "rest", commits: [], size: linesAdded(5) });

    expect(creditOf([change, rest, revert])).toBe(0.25);
  });

  const rollback = aDeployment({
    id: "rollback",
    status: "rolled_back",
    timeMs: MERGED_MS + DAY_MS,
    change: change.id,
  });

  test("a rollback takes the credit back until the change is deployed again", () => {
    const again = aDeployment({
      id: "deploy-2",
      change: change.id,
      timeMs: MERGED_MS + 2 * DAY_MS,
    });
    const all = [change, aDeployment({ change: change.id }), rollback, again];

    expect(creditOf(all, { asOfMs: MERGED_MS + DAY_MS - 1 })).toBe(1);
    expect(creditOf(all, { asOfMs: MERGED_MS + DAY_MS })).toBe(0);
    expect(creditOf(all)).toBe(1);
  });

  test("a rollback by artifact reaches the change that the artifact holds", () => {
    const artifact = "sha256:aa";
    const { change: _, ...byArtifact } = rollback;
    const all = [change, aDeployment({ change: change.id, artifact }), { ...byArtifact, artifact }];

    expect(creditOf(all)).toBe(0);
  });

  test("a deployment that is reported rolled back under its own id loses its credit", () => {
    const { change: _, ...sameId } = { ...rollback, id: "deploy-1" };

    expect(creditOf([aDeployment(), sameId])).toBe(0);
  });

  test("a rollback on staging takes nothing back", () => {
    expect(creditOf([change, { ...rollback, environment: "staging" }])).toBe(1);
  });
});
