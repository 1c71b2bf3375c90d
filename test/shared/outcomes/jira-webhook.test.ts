import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJiraWebhook } from "../../../shared/outcomes/jira-webhook.ts";
import { sampleBytes, samplePayload } from "../../support/outcome-samples.ts";

const DONE = "jira/issue_updated.done.json";
const UNDELIVERED = ["Won't Do", "Duplicate"];

const TO_DO = { "issue.fields.status": { name: "To Do", statusCategory: { key: "new" } } };

function read(changes: Readonly<Record<string, unknown>> = {}) {
  return readJiraWebhook(samplePayload(DONE, changes), UNDELIVERED);
}

describe("readJiraWebhook", () => {
  test("an issue that is done is resolved by whom it is assigned to, at Jira's time with its offset", () => {
    expect(read()).toEqual({
      kind: "outcomes",
      restated: "duplicate",
      outcomes: [
        {
          id: "jira:acme.atlassian.net/10041#10124",
          // 2026-11-22T00:30:04.123+0100
          timeMs: Date.UTC(2026, 10, 21, 23, 30, 4, 123),
          kind: "issue_resolved",
          subject: "jira:5b10a2844c20165700ede21g",
          commits: [],
          task: "SHOP-41",
          target: "jira:acme.atlassian.net/10041",
          sessions: [],
          status: "succeeded",
        },
      ],
    });
  });

  test("leaving done takes back what the issue was resolved by, under an id of its own", () => {
    expect(read({ ...TO_DO, "changelog.id": "10130" })).toMatchObject({
      outcomes: [
        {
          id: "jira:acme.atlassian.net/10041#10130",
          target: "jira:acme.atlassian.net/10041",
          status: "rolled_back",
        },
      ],
    });
  });

  test.each([
    ["a resolution", { "issue.fields.resolution.name": "Won't do" }],
    ["a resolution of another name", { "issue.fields.resolution": { name: "DUPLICATE" } }],
    [
      "a status, where a workflow has no resolutions",
      { "issue.fields.resolution": null, "issue.fields.status.name": "Won't Do" },
    ],
  ])("%s that delivers nothing is no resolved issue, though it is done", (_, changes) => {
    expect(read(changes)).toMatchObject({ outcomes: [{ status: "rolled_back" }] });
  });

  test("a workflow without resolutions resolves by the status alone", () => {
    expect(read({ "issue.fields.resolution": null })).toMatchObject({
      outcomes: [{ status: "succeeded" }],
    });
  });

  test("only the names of changed fields are read: `toString` is a function where it is absent", () => {
    const items = [{ field: "status", fieldtype: "jira", from: "3", to: "10002" }];

    expect(read({ "changelog.items": items })).toEqual(read());
  });

  test.each([
    ["another event", { webhookEvent: "jira:issue_created" }],
    ["a change of the summary", { "changelog.items": [{ field: "summary" }] }],
    ["an update without a changelog", { changelog: null }],
  ])("%s says nothing of delivered work", (_, changes) => {
    expect(read(changes)).toMatchObject({ kind: "ignored" });
  });

  test("a sub-task is part of its parent, so that cutting an issue up makes it no more work", () => {
    expect(
      read({ "issue.fields.issuetype.subtask": true, "issue.fields.parent": { key: "SHOP-40" } }),
    ).toMatchObject({ outcomes: [{ task: "SHOP-40", target: "jira:acme.atlassian.net/10041" }] });
  });

  test("nobody's issue is nobody's work, and Data Center knows people by a key", () => {
    expect(JSON.stringify(read({ "issue.fields.assignee": null }))).not.toContain("subject");
    expect(read({ "issue.fields.assignee": { key: "user-017" } })).toMatchObject({
      outcomes: [{ subject: "jira:user-017" }],
    });
  });

  test("without the issue's own time, that of the event counts", () => {
    expect(read({ "issue.fields.updated": null })).toMatchObject({
      outcomes: [{ timeMs: 1_795_302_604_123 }],
    });
    expect(read({ "issue.fields.updated": null, timestamp: null })).toMatchObject({
      kind: "malformed",
      path: "issue.fields.updated",
    });
  });

  test("a good payload with one field replaced is read without a crash", () => {
    fc.assert(
      fc.property(fc.nat(80), fc.jsonValue(), (at, value) => {
        let seen = 0;
        const payload = JSON.parse(sampleBytes(DONE).toString(), (_, field) => {
          seen += 1;
          return seen === at ? value : field;
        });

        expect(["outcomes", "ignored", "malformed"]).toContain(
          readJiraWebhook(payload, UNDELIVERED).kind,
        );
        expect(readJiraWebhook(value, UNDELIVERED).kind).not.toBe("outcomes");
      }),
      { numRuns: 300 },
    );
  });
});
