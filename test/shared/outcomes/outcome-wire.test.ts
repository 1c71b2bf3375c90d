import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseOutcomeRecords } from "../../../shared/outcomes/outcome-wire.ts";

const NOW_MS = Date.parse("2026-10-06T16:00:00Z");

const full = Object.freeze({
  id: "github:acme/web#4242",
  time: "2026-10-06T15:00:00Z",
  kind: "change_merged",
  user: "User-017@example.com",
  repository: "acme/web",
  branch: "feat/x",
  commits: ["0D1A26E67D8F5EAF1F6BA5C57FC3C7D91AC0FD1C"],
  task: "WEB-77",
  size: { additions: 120, deletions: 14, files: 5, ignoredLines: 20 },
  files: ["src/cart.ts", "docs/über uns.md"],
  environment: "production",
  artifact: "sha256:aa",
  change: "github:acme/web#4242",
  useCase: "feature-work",
  sessions: ["9d0bbe99"],
  status: "succeeded",
  reverts: "github:acme/web#4100",
});
const least = Object.freeze({
  id: "issue-1",
  time: "2026-10-06T15:00:00Z",
  kind: "issue_resolved",
});

function parse(...values: readonly unknown[]) {
  return parseOutcomeRecords(
    values.map((value) => ({ kind: "value", value })),
    NOW_MS,
  );
}

describe("parseOutcomeRecords", () => {
  test("keeps every field, with the user and the commits in the spelling that they match in", () => {
    const { time: _, user: __, files, ...facts } = full;

    expect(parse(full).accepted).toEqual([
      {
        ...facts,
        timeMs: Date.parse("2026-10-06T15:00:00Z"),
        subject: "user-017@example.com",
        paths: files,
        commits: ["0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c"],
      },
    ]);
  });

  test("an incident says where it was, and what it came from", () => {
    const incident = { ...least, kind: "incident", environment: "production" };

    expect(parse({ ...incident, artifact: "sha256:aa" }).accepted).toMatchObject([
      { kind: "incident", environment: "production", artifact: "sha256:aa" },
    ]);
    expect(parse({ ...incident, change: "github:acme/web#4242" }).accepted).toHaveLength(1);
    expect(parse({ ...incident, commits: ["0d1a26e6"] }).accepted).toHaveLength(1);
    expect(parse({ ...least, kind: "incident", reverts: "incident-1" }).accepted).toHaveLength(1);
    expect(parse(incident).rejected).toEqual([
      {
        index: 0,
        path: "artifact",
        message: "must be given for an incident, or else change or commits: what it came from",
      },
    ]);
  });

  test("the least record is delivered work of no one in particular", () => {
    expect(parse(least).accepted).toEqual([
      {
        id: "issue-1",
        timeMs: Date.parse("2026-10-06T15:00:00Z"),
        kind: "issue_resolved",
        commits: [],
        sessions: [],
        status: "succeeded",
      },
    ]);
  });

  test.each([
    ["id", { ...least, id: "" }],
    ["id", { ...least, id: "a\u0000b" }],
    ["time", { ...least, time: "2026-10-06T15:00:00+02:00" }],
    ["time", { ...least, time: "yesterday" }],
    ["time", { ...least, time: "1970-01-01T00:00:00Z" }],
    ["time", { ...least, time: 1_791_298_800_000 }],
    ["kind", { ...least, kind: "vibes" }],
    ["environment", { ...least, kind: "incident", artifact: "sha256:aa" }],
    ["status", { ...full, kind: "incident", status: "rolled_back" }],
    ["user", { ...least, user: null }],
    ["commits.1", { ...least, commits: ["0d1a26e6", "HEAD"] }],
    ["size.additions", { ...least, size: { additions: -1, deletions: 0, files: 1 } }],
    ["size.files", { ...least, size: { additions: 1, deletions: 0, files: 0.5 } }],
    [
      "size.ignoredLines",
      { ...least, size: { additions: 3, deletions: 1, files: 1, ignoredLines: 5 } },
    ],
    ["files", { ...least, files: "src/cart.ts" }],
    ["files", { ...least, files: Array.from({ length: 3_001 }, (_, at) => `${at}.ts`) }],
    ["files.0", { ...least, files: [""] }],
    ["files.1", { ...least, files: ["a", "x".repeat(4_097)] }],
    ["kind", { ...least, kind: "push" }],
    ["pushed", { ...least, pushed: [] }],
    ["sessions.0", { ...least, sessions: [""] }],
    ["status", { ...least, status: "maybe" }],
    ["commit", { ...least, commit: "0d1a26e6" }],
    [
      "__proto__",
      JSON.parse('{"id":"a","time":"2026-10-06T15:00:00Z","kind":"use_case","__proto__":{}}'),
    ],
    ["", "github:acme/web#4242"],
    ["", [least]],
  ])("tells the sender that %j is wrong, and accepts the records around it", (path, bad) => {
    const batch = parse(least, bad, least);

    expect(batch.accepted).toHaveLength(2);
    expect(batch.rejected).toEqual([{ index: 1, path, message: expect.stringMatching(/\w/) }]);
  });

  test("a line that is not JSON is rejected at its place", () => {
    const batch = parseOutcomeRecords([{ kind: "malformed", message: "not JSON" }], NOW_MS);

    expect(batch.rejected).toEqual([{ index: 0, path: "", message: "not JSON" }]);
  });

  test("five minutes ahead of our clock is skew; more is kept aside, because it would distort a later day", () => {
    const ahead = (ms: number) => ({ ...least, time: new Date(NOW_MS + ms).toISOString() });

    const batch = parse(ahead(300_000), ahead(300_001));

    expect(batch.accepted).toHaveLength(1);
    expect(batch.quarantined).toMatchObject([{ reason: "clock-in-future", index: 1 }]);
  });

  test("whatever is sent, each record ends in exactly one place", () => {
    const record = fc.oneof(
      fc.anything(),
      fc.record({ ...constants(full) }, { requiredKeys: [] }),
      fc.record({ ...constants(least), time: fc.constant("2036-01-01T00:00:00Z") }),
    );
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const { accepted, quarantined, rejected } = parse(...records);

        expect(accepted.length + quarantined.length + rejected.length).toBe(records.length);
      }),
    );
  });
});

function constants(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      fc.oneof({ weight: 9, arbitrary: fc.constant(value) }, fc.jsonValue()),
    ]),
  );
}
