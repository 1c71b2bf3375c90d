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
  test("a commit on the default branch undoes the commit that it reverts, and tells of its files", () => {
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
        {
          id: `github:acme/widgets@${PUSHED}/push`,
          timeMs: Date.parse("2026-11-22T08:01:02Z"),
          kind: "push",
          repository: "acme/widgets",
          commits: [],
          pushed: [{ commit: PUSHED, paths: ["src/cart.ts"] }],
          sessions: [],
          status: "succeeded",
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
    const timeMs = Date.parse("2026-11-22T08:01:02Z");

    expect(push({ "repository.pushed_at": undefined })).toMatchObject({
      outcomes: [{ timeMs }, { timeMs }],
    });
  });

  test.each([
    [
      "GitHub's clock",
      { "repository.pushed_at": 86_400, commits: [{ ...commit("Add x"), added: ["x.ts"] }] },
      "2026-11-22T08:01:02Z",
    ],
    [
      "the commit",
      {
        "repository.pushed_at": null,
        commits: [{ ...commit("Add x"), added: ["x.ts"], timestamp: "1999-12-31T23:59:59Z" }],
      },
      "2020-01-01T00:00:00Z",
    ],
  ])("a time of %s before 2020 is not stored", (_, changes, expected) => {
    expect(push(changes)).toMatchObject({ outcomes: [{ timeMs: Date.parse(expected) }] });
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
    ["commits that revert nothing and name no files", { commits: [commit("Add x")] }],
    [
      "commits that only touch what everybody touches",
      { commits: [{ ...commit("Bump"), modified: ["web/package-lock.json", "CHANGELOG.md"] }] },
    ],
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

  test("tells of the files of each commit: added, modified and removed ones, and in its order", () => {
    const [first, second, third] = ["1", "2", "3"].map((digit) => digit.repeat(40));
    const commits = [
      { ...commit("Add x"), id: first, added: ["x.ts"], modified: ["y.ts"], removed: ["z.ts"] },
      { ...commit("Bump"), id: second, modified: ["package-lock.json"] },
      { ...commit("Use x"), id: third, added: null, modified: ["a.ts"], removed: "odd" },
    ];

    expect(push({ commits })).toMatchObject({
      outcomes: [
        {
          pushed: [
            { commit: first, paths: ["x.ts", "y.ts", "z.ts"] },
            { commit: second, paths: [] },
            { commit: third, paths: ["a.ts"] },
          ],
        },
      ],
    });
  });

  test("leaves out what a merge of the default branch brings into a branch, but not the merge of the branch", () => {
    const ids = ["1", "2", "3"].map((digit) => digit.repeat(40));
    const commits = [
      { ...commit("Merge branch 'main' into feat/x"), id: ids[0], modified: ["everybodys.ts"] },
      { ...commit("Merge remote-tracking branch 'origin/main'"), id: ids[1], added: ["other.ts"] },
      { ...commit("Merge branch 'feat/x'"), id: ids[2], modified: ["own.ts"] },
    ];

    expect(push({ commits })).toMatchObject({
      outcomes: [{ pushed: [{ paths: [] }, { paths: [] }, { paths: ["own.ts"] }] }],
    });
  });

  test("of a push of very many commits the last hundred are kept", () => {
    const commits = Array.from({ length: 300 }, (_, at) => ({
      ...commit("Add"),
      id: at.toString(16).padStart(40, "0"),
      added: [`${at}.ts`],
    }));

    const reading = push({ commits });

    expect(reading).toHaveProperty("outcomes.0.pushed.length", 100);
    expect(reading).toHaveProperty("outcomes.0.pushed.99.paths", ["299.ts"]);
  });
});
