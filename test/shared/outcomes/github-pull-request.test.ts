import { describe, expect, test } from "vitest";
import { readPullRequest } from "../../../shared/outcomes/github-pull-request.ts";
import { githubPayload } from "../../support/github-deliveries.ts";

function outcomeOf(changes: Readonly<Record<string, unknown>> = {}) {
  const reading = readPullRequest(githubPayload("pull_request.closed-merged", changes));
  return reading.kind === "outcomes" ? reading.outcomes[0] : reading;
}

describe("readPullRequest", () => {
  test("a pull request merged into the default branch is a merged change of its author", () => {
    expect(readPullRequest(githubPayload("pull_request.closed-merged"))).toEqual({
      kind: "outcomes",
      restated: "conflict",
      outcomes: [
        {
          id: "github:acme/widgets#4242",
          timeMs: Date.parse("2026-11-21T23:10:04Z"),
          kind: "change_merged",
          subject: "github:jdoe",
          repository: "acme/widgets",
          branch: "feat/cart",
          commits: [
            "a9993e364706816aba3e25717850c26c9cd0d89d",
            "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c",
          ],
          task: "acme/widgets#41",
          size: { additions: 118, deletions: 20, files: 7, ignoredLines: 0 },
          sessions: [],
          status: "succeeded",
        },
      ],
    });
  });

  test("closed unmerged delivers nothing, though GitHub names a merge commit (its test merge)", () => {
    const payload = githubPayload("pull_request.closed-unmerged");

    expect(payload).toMatchObject({ pull_request: { merge_commit_sha: expect.any(String) } });
    expect(readPullRequest(payload)).toEqual({
      kind: "ignored",
      reason: "the pull request was closed without being merged",
    });
  });

  test("a merged revert undoes the pull request that it names", () => {
    expect(readPullRequest(githubPayload("pull_request.closed-merged-revert"))).toMatchObject({
      outcomes: [{ id: "github:acme/widgets#4250", reverts: "github:acme/widgets#4242" }],
    });
  });

  test.each([
    ["opened", { action: "opened" }],
    ["merged into a release branch", { "pull_request.base.ref": "release/1.x" }],
    ["merged is not stated", { "pull_request.merged": null }],
  ])("is ignored with a reason: %s", (_, changes) => {
    expect(outcomeOf(changes)).toMatchObject({
      kind: "ignored",
      reason: expect.stringMatching(/\w/),
    });
  });

  test("a deleted account leaves the change without a person, not without a record", () => {
    const outcome = outcomeOf({ "pull_request.user": null });

    expect(outcome).toMatchObject({ id: "github:acme/widgets#4242" });
    expect(outcome).not.toHaveProperty("subject");
  });

  test("a login is spelt in lower case, as GitHub matches logins regardless of case", () => {
    expect(outcomeOf({ "pull_request.user": { login: "User-017" } })).toMatchObject({
      subject: "github:user-017",
    });
  });

  test("a body that is null is a body without words", () => {
    expect(outcomeOf({ "pull_request.body": null })).not.toHaveProperty("task");
  });

  test("a merge that is older than anything that is recorded counts from the earliest time on", () => {
    expect(outcomeOf({ "pull_request.merged_at": "1970-01-01T00:00:00Z" })).toMatchObject({
      timeMs: Date.parse("2020-01-01T00:00:00Z"),
    });
  });

  test.each([
    ["pull_request.merged_at", null],
    ["pull_request.number", "4242"],
    ["pull_request.head.sha", "HEAD"],
    ["pull_request.additions", -1],
    ["repository.full_name", "acme"],
    ["action", undefined],
  ])("says that %s is wrong if it is %j", (path, value) => {
    expect(outcomeOf({ [path]: value })).toMatchObject({ kind: "malformed", path });
  });
});
