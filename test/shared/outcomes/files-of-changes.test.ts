import { describe, expect, test } from "vitest";
import { filesOfChanges } from "../../../shared/outcomes/files-of-changes.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { UNATTRIBUTED } from "../../../shared/usage/usage-event.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

const commit = (digit: string) => digit.repeat(40);

/** A push of commits, `1: ["a"]` being one that touches the file `a`. */
function aPush(...pushed: readonly (readonly [digit: string, files: readonly string[]])[]) {
  const { branch: _, size: __, ...event } = anOutcomeEvent();
  return {
    ...event,
    id: `push-${pushed.map(([digit]) => digit).join("")}`,
    kind: "push" as const,
    user: UNATTRIBUTED,
    commits: [],
    pushed: pushed.map(([digit, files]) => ({ commit: commit(digit), files })),
  };
}

function aChange(id: string, commits: readonly string[], rest: Partial<OutcomeEvent> = {}) {
  return anOutcomeEvent({ id, commits: commits.map(commit), ...rest });
}

/** Files of each change, by its id. */
function filesOf(...outcomes: readonly OutcomeEvent[]) {
  const files = filesOfChanges(outcomes);
  const changes = outcomes.filter(({ kind }) => kind === "change_merged");
  return Object.fromEntries(changes.map((change) => [change.id, files(change)]));
}

describe("filesOfChanges", () => {
  test("a change has the files of the commit that it was squashed into", () => {
    const change = aChange("a", ["1", "2"]);

    expect(filesOf(change, aPush(["2", ["x", "y"]]))).toEqual({ a: ["x", "y"] });
  });

  test("a push that comes before its change tells the same as one that comes after it", () => {
    const outcomes = [aChange("a", ["1"]), aPush(["1", ["x"]])];

    expect(filesOf(...outcomes)).toEqual({ a: ["x"] });
    expect(filesOf(...outcomes.toReversed())).toEqual({ a: ["x"] });
  });

  test("a change has the files of all commits that its merge pushed, though it names only the last", () => {
    const push = aPush(["1", ["z"]], ["2", ["x"]], ["3", ["y"]]);

    expect(filesOf(aChange("a", ["9", "3"]), push)).toEqual({ a: ["x", "y", "z"] });
  });

  test("a push of two merges is parted where the first one ends", () => {
    const push = aPush(["1", ["x"]], ["2", []], ["3", ["y"]], ["4", ["z"]]);

    expect(filesOf(aChange("a", ["2"]), aChange("b", ["3", "4"]), push)).toEqual({
      a: ["x"],
      b: ["y", "z"],
    });
  });

  test("a commit of a change that reverts another one does not part it", () => {
    const revert = aChange("r", ["2"], { reverts: commit("8") });
    const push = aPush(["1", ["x"]], ["2", ["y"]], ["3", ["z"]]);

    expect(filesOf(revert, aChange("a", ["3"]), push)).toMatchObject({ a: ["x", "y", "z"] });
  });

  test("what is pushed after a change is not of it", () => {
    expect(filesOf(aChange("a", ["1"]), aPush(["1", ["x"]], ["2", ["y"]]))).toEqual({ a: ["x"] });
  });

  test("the files that a change names are its own, beside those that were pushed", () => {
    const change = aChange("a", ["1"], { files: ["y"] });

    expect(filesOf(change, aPush(["1", ["x", "y"]]))).toEqual({ a: ["x", "y"] });
  });

  test("the same commits in two pushes are told once", () => {
    const push = aPush(["1", ["x"]]);

    expect(filesOf(aChange("a", ["1"]), push, { ...push, timeMs: 1 })).toEqual({ a: ["x"] });
  });

  test("an abbreviated commit is the same commit, and another one that begins alike is not", () => {
    const outcomes = [
      anOutcomeEvent({ id: "short", commits: ["1111111"] }),
      anOutcomeEvent({ id: "other", commits: ["11111112"] }),
      aPush(["1", ["x"]]),
    ];

    expect(filesOf(...outcomes)).toEqual({ short: ["x"], other: [] });
  });

  test("files are not known of a change that nothing was pushed of", () => {
    expect(filesOf(aChange("a", ["1"]), aPush(["2", ["x"]]))).toEqual({ a: [] });
  });
});
