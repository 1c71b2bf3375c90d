import { describe, expect, test } from "vitest";
import { readPush } from "../../../shared/outcomes/github-push.ts";
import { githubPayload } from "../../support/github-deliveries.ts";

const REVERTED = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";
const PUSHED = "e".repeat(40);

function push(changes: Readonly<Record<string, unknown>> = {}) {
  return readPush(githubPayload("push.main-with-revert", changes));
}

function commit(message: string) {
  return {
    id: PUSHED,
    message,
    timestamp: "2026-11-22T09:01:02+01:00",
    author: { name: "user-017", email: "user-017@example.com" },
  };
}

describe("readPush", () => {
  test("a commit on the default branch undoes the commit that it reverts", () => {
    expect(push()).toEqual({
      kind: "outcomes",
      restated: "duplicate",
      outcomes: [
        {
          id: `github:acme/widgets@${PUSHED}`,
          timeMs: Date.parse("2026-11-22T08:01:02Z"),
          kind: "change_merged",
          subject: "github:asmith",
          repository: "acme/widgets",
          commits: [PUSHED],
          sessions: [],
          status: "succeeded",
          reverts: REVERTED,
        },
      ],
    });
  });

  test("GitHub's clock counts, because the time in a commit is whatever its author sets", () => {
    const future = {
      ...commit(`This reverts commit ${REVERTED}.`),
      timestamp: "2036-01-01T00:00:00Z",
    };

    expect(push({ commits: [future] })).toMatchObject({
      outcomes: [{ timeMs: Date.parse("2026-11-22T08:01:02Z") }],
    });
  });

  test("without GitHub's clock the time in the commit is taken, with its offset", () => {
    expect(push({ "repository.pushed_at": undefined })).toMatchObject({
      outcomes: [{ timeMs: Date.parse("2026-11-22T08:01:02Z") }],
    });
  });

  test("one commit that reverts two is two undoings, each with an id of its own", () => {
    const message = `This reverts commit ${REVERTED}.\nThis reverts commit ${"a".repeat(40)}.`;

    expect(push({ commits: [commit(message)] })).toMatchObject({
      outcomes: [
        { id: `github:acme/widgets@${PUSHED}`, reverts: REVERTED },
        { id: `github:acme/widgets@${PUSHED}/2`, reverts: "a".repeat(40) },
      ],
    });
  });

  test.each([
    ["another branch", { ref: "refs/heads/feat/x" }],
    ["a tag of the same name", { ref: "refs/tags/main" }],
    ["commits that revert nothing", { commits: [commit("Add x")] }],
    ["a deleted branch without commits", { commits: [] }],
    ["no list of commits", { commits: undefined }],
  ])("ignores a push with %s", (_, changes) => {
    expect(push(changes)).toMatchObject({ kind: "ignored", reason: expect.stringMatching(/\w/) });
  });

  test("a commit by someone without an account is undone by no one in particular", () => {
    const reading = push({ commits: [commit(`This reverts commit ${REVERTED}.`)] });

    expect(reading).toMatchObject({ outcomes: [{ reverts: REVERTED }] });
    expect(reading).not.toHaveProperty("outcomes.0.subject");
  });
});
