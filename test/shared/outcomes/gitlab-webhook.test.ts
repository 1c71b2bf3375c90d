import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readGitlabWebhook } from "../../../shared/outcomes/gitlab-webhook.ts";
import { sampleBytes, samplePayload } from "../../support/outcome-samples.ts";

const PRODUCTION = ["production", "prod"];
const MERGED = "gitlab/merge_request.merge.json";
const DEPLOYED = "gitlab/deployment.success.json";

function merged(changes: Readonly<Record<string, unknown>> = {}) {
  return readGitlabWebhook(samplePayload(MERGED, changes), PRODUCTION, RECEIVED_MS);
}

const PUSHED = "gitlab/push.merge.json";
/** Some seconds after the last commit of the push. */
const RECEIVED_MS = Date.UTC(2026, 10, 21, 23, 10, 9);

function pushed(changes: Readonly<Record<string, unknown>> = {}) {
  return readGitlabWebhook(samplePayload(PUSHED, changes), PRODUCTION, RECEIVED_MS);
}

function deployed(changes: Readonly<Record<string, unknown>> = {}) {
  return readGitlabWebhook(samplePayload(DEPLOYED, changes), PRODUCTION, RECEIVED_MS);
}

describe("readGitlabWebhook", () => {
  test("a push to the default branch tells which files its commits touch, and delivers nothing", () => {
    expect(pushed()).toEqual({
      kind: "outcomes",
      restated: "duplicate",
      outcomes: [
        {
          id: "gitlab:gitlab.example.com/15@0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c/push",
          timeMs: Date.UTC(2026, 10, 21, 23, 10, 4),
          kind: "push",
          repository: "acme/widgets",
          commits: [],
          pushed: [
            {
              commit: "a9993e364706816aba3e25717850c26c9cd0d89d",
              paths: ["src/cart-totals.ts", "src/cart.ts"],
            },
            { commit: "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c", paths: [] },
          ],
          sessions: [],
          status: "succeeded",
        },
      ],
    });
  });

  test.each([
    ["long ago, as where it was fast-forwarded to", "2026-11-14T23:10:08Z"],
    ["in the first year of all", "1970-01-01T00:00:00Z"],
    ["in the future", "2026-11-22T23:16:00Z"],
  ])(
    "a push whose last commit says that it was made %s is of the day on which it arrived, and once that day",
    (_, said) => {
      const payload = samplePayload(PUSHED, { "commits.1.timestamp": said });
      const [first, again] = [RECEIVED_MS, RECEIVED_MS + 2_000_000].map((receivedMs) =>
        readGitlabWebhook(payload, PRODUCTION, receivedMs),
      );

      expect(first).toMatchObject({
        outcomes: [{ kind: "push", timeMs: Date.UTC(2026, 10, 21) }],
      });
      expect(again).toEqual(first);
    },
  );

  test("a push that arrives again within a week is the same one", () => {
    const again = readGitlabWebhook(samplePayload(PUSHED), PRODUCTION, RECEIVED_MS + 600_000_000);

    expect(again).toEqual(pushed());
  });

  test.each([
    ["to another branch", { ref: "refs/heads/feat/cart" }],
    ["that deletes the branch", { commits: [] }],
    ["without a list of commits", { commits: null }],
  ])("a push %s is ignored", (_, changes) => {
    expect(pushed(changes)).toMatchObject({ kind: "ignored", reason: expect.stringMatching(/\w/) });
  });

  test("a merge into the default branch is a merged change of its author, not of who merged it", () => {
    expect(merged()).toEqual({
      kind: "outcomes",
      restated: "duplicate",
      outcomes: [
        {
          id: "gitlab:gitlab.example.com/15!7",
          timeMs: Date.UTC(2026, 10, 21, 23, 10, 4),
          kind: "change_merged",
          subject: "gitlab:gitlab.example.com/user/12",
          repository: "acme/widgets",
          branch: "feat/cart",
          commits: [
            "a9993e364706816aba3e25717850c26c9cd0d89d",
            "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c",
          ],
          sessions: [],
          status: "succeeded",
        },
      ],
    });
  });

  test("both forms that GitLab writes a time in are the same moment", () => {
    expect(merged({ "object_attributes.updated_at": "2026-11-21T23:10:04.000Z" })).toEqual(
      merged(),
    );
  });

  test.each([
    ["open", "main"],
    ["close", "main"],
    ["update", "main"],
    ["approved", "main"],
    [undefined, "main"],
    ["merge", "release"],
  ])("the action %s towards %s delivers nothing", (action, branch) => {
    expect(
      merged({ "object_attributes.action": action, "object_attributes.target_branch": branch }),
    ).toMatchObject({ kind: "ignored" });
  });

  test("the issue in the branch names the task, so that its parts are one unit", () => {
    expect(merged({ "object_attributes.source_branch": "feat/SHOP-41-cart" })).toMatchObject({
      outcomes: [{ task: "SHOP-41" }],
    });
  });

  test.each([
    ["This reverts merge request !4", "gitlab:gitlab.example.com/15!4"],
    ["This reverts merge request acme/widgets!4", "gitlab:gitlab.example.com/15!4"],
    [`This reverts commit ${"b".repeat(40)}`, "b".repeat(40)],
  ])("a revert that says %s undoes it", (description, reverts) => {
    expect(
      merged({
        "object_attributes.title": 'Revert "Add cart totals"',
        "object_attributes.description": description,
      }),
    ).toMatchObject({ outcomes: [{ reverts }] });
  });

  test.each([
    ["of another project", 'Revert "x"', "This reverts merge request acme/other!4"],
    ["that is only mentioned", "Add cart totals", "This reverts merge request !4"],
  ])("a revert %s takes nobody's credit away", (_, title, description) => {
    const reading = merged({
      "object_attributes.title": title,
      "object_attributes.description": description,
    });

    expect(JSON.stringify(reading)).not.toContain("reverts");
  });

  test("a deployment to production is delivered with the whole commit id, which only its link has", () => {
    expect(deployed()).toEqual({
      kind: "outcomes",
      restated: "duplicate",
      outcomes: [
        {
          id: "gitlab:gitlab.example.com/15/deployments/145",
          timeMs: Date.UTC(2026, 10, 21, 23, 24),
          kind: "deployment",
          subject: "gitlab:gitlab.example.com/user/11",
          repository: "acme/widgets",
          commits: ["0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c"],
          environment: "production",
          sessions: [],
          status: "succeeded",
        },
      ],
    });
  });

  test("a link that leads elsewhere leaves the short commit id", () => {
    expect(deployed({ commit_url: "https://gitlab.example.com/acme/widgets" })).toMatchObject({
      outcomes: [{ commits: ["0d1a26e6"] }],
    });
  });

  test("production is told by the tier too, as environments have names of their own", () => {
    expect(deployed({ environment: "eu-1" })).toMatchObject({
      outcomes: [{ environment: "production" }],
    });
    expect(deployed({ environment: "eu-1", environment_tier: "staging" })).toMatchObject({
      kind: "ignored",
    });
    expect(deployed({ environment: "Prod", environment_tier: null })).toMatchObject({
      outcomes: [{ environment: "Prod" }],
    });
  });

  test("a failure has an id of its own, so that the same deployment can still succeed", () => {
    expect(deployed({ status: "failed" })).toMatchObject({
      outcomes: [{ id: "gitlab:gitlab.example.com/15/deployments/145/failed", status: "failed" }],
    });
  });

  test.each(["created", "running", "canceled"])("the status %s has ended nothing", (status) => {
    expect(deployed({ status })).toMatchObject({ kind: "ignored" });
  });

  test("what is missing is named with its path, and nothing of the payload is quoted", () => {
    const reading = merged({ "object_attributes.updated_at": "canary" });

    expect(reading).toMatchObject({ kind: "malformed", path: "object_attributes.updated_at" });
    expect(JSON.stringify(reading)).not.toContain("canary");
  });

  test("any JSON, and a good payload with one field replaced, is read without a crash", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(MERGED, DEPLOYED),
        fc.nat(90),
        fc.jsonValue(),
        (path, at, value) => {
          let seen = 0;
          const payload = JSON.parse(sampleBytes(path).toString(), (_, field) => {
            seen += 1;
            return seen === at ? value : field;
          });

          expect(["outcomes", "ignored", "malformed"]).toContain(
            readGitlabWebhook(payload, PRODUCTION, RECEIVED_MS).kind,
          );
          expect(readGitlabWebhook(value, PRODUCTION, RECEIVED_MS).kind).not.toBe("outcomes");
        },
      ),
      { numRuns: 300 },
    );
  });
});
