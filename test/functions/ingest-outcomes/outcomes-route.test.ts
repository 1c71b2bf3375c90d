import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { UNATTRIBUTED } from "../../../shared/usage/usage-event.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { INGEST_NOW_MS, ingestOutcomesSetup } from "../../support/ingest-outcomes-setup.ts";

const SENDER = { keyId: "k7m2p9q4r1s5", source: "outcomes" };

function setup() {
  const { send, ...rest } = ingestOutcomesSetup();
  const post = (
    body: string | Buffer,
    sender: Readonly<Record<string, string>> = SENDER,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    send({
      routeKey: "POST /v1/outcomes",
      body,
      headers: { "content-type": "application/json", ...headers },
      authorizer: sender,
    });
  return { ...rest, post };
}

function record(overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    id: "github:acme/web#4242",
    time: "2026-11-20T15:00:00Z",
    kind: "change_merged",
    user: "user-017@example.com",
    ...overrides,
  };
}

describe("POST /v1/outcomes", () => {
  test("stores an outcome under a pseudonym, once, however often it is sent", async () => {
    const { ledger, post, pseudonymise } = setup();
    const body = JSON.stringify([record()]);

    const first = await post(body);
    const second = await post(body);

    expect(first).toMatchObject({ status: 200, body: { received: 1, committed: 1 } });
    expect(second).toMatchObject({ status: 200, body: { received: 1, duplicate: 1 } });
    expect(ledger.outcomes()).toMatchObject([{ user: pseudonymise("user-017@example.com") }]);
    expect(JSON.stringify(ledger.outcomes())).not.toContain("@");
  });

  test("keeps with an incident, and with nothing else, which key it came with", async () => {
    const { ledger, post } = setup();
    const incident = record({ id: "pager:1", kind: "incident", reverts: "pager:0" });

    await post(JSON.stringify([record(), incident]));

    expect(ledger.outcomes().map(({ id, sentBy }) => [id, sentBy])).toEqual([
      ["github:acme/web#4242", undefined],
      ["pager:1", SENDER.keyId],
    ]);
  });

  test("answers item by item, and every item is counted in exactly one place", async () => {
    const { ledger, metrics, post, quarantine } = setup();
    const future = new Date(INGEST_NOW_MS + 3_600_000).toISOString();
    await post(JSON.stringify([record({ id: "a" })]));

    const { body } = await post(
      [
        record({ id: "a" }),
        record({ id: "b" }),
        record({ id: "c", time: future }),
        record({ id: "d", kind: "vibes" }),
        record({ id: "a", task: "WEB-77" }),
      ]
        .map((item) => JSON.stringify(item))
        .join("\n"),
    );

    expect(body).toEqual({
      received: 5,
      committed: 1,
      duplicate: 1,
      quarantined: 2,
      rejected: 1,
      results: [
        { index: 0, id: "a", status: "duplicate" },
        { index: 1, id: "b", status: "committed" },
        {
          index: 2,
          id: "c",
          status: "quarantined",
          message: expect.stringContaining("five minutes"),
        },
        {
          index: 3,
          id: "d",
          status: "rejected",
          path: "kind",
          message: "must be one of change_merged, deployment, issue_resolved, use_case, incident",
        },
        {
          index: 4,
          id: "a",
          status: "quarantined",
          message: expect.stringContaining("other content"),
        },
      ],
    });
    expect(ledger.outcomes().map(({ id }) => id)).toEqual(["a", "b"]);
    expect(quarantine.records().map(({ reason }) => reason)).toEqual([
      "clock-in-future",
      "conflict",
    ]);
    expect(metrics.at(-1)).toEqual({
      Received: 5,
      Committed: 1,
      Duplicate: 1,
      Quarantined: 2,
      Rejected: 1,
    });
  });

  test("what is sent with a person's own key is that person's, whatever the record says", async () => {
    const { ledger, post } = setup();

    await post(JSON.stringify(record()), { ...SENDER, user: "pseudonym-of-user-018" });

    expect(ledger.outcomes()).toMatchObject([{ user: "pseudonym-of-user-018" }]);
  });

  test("an outcome of no one is kept as unattributed, because the work was delivered", async () => {
    const { ledger, post } = setup();
    const { user: _, ...anonymous } = record();

    await post(JSON.stringify(anonymous));

    expect(ledger.outcomes()).toMatchObject([{ user: UNATTRIBUTED }]);
  });

  test("a key for usage may not credit work, or it could pay for its own tokens", async () => {
    const { ledger, post } = setup();

    const answer = await post(JSON.stringify(record()), { ...SENDER, source: "claude-code" });

    expect(answer.status).toBe(403);
    expect(ledger.outcomes()).toEqual([]);
  });

  test("a request of which nothing is of use is 400, because sending it again changes nothing", async () => {
    const { metrics, post } = setup();

    const answer = await post(JSON.stringify([record({ kind: "vibes" })]));

    expect(answer).toMatchObject({ status: 400, body: { received: 1, rejected: 1 } });
    expect(metrics).toMatchObject([{ Received: 1, Rejected: 1 }]);
  });

  test("an empty list is taken: there was nothing to deliver", async () => {
    expect(await setup().post("[]")).toMatchObject({ status: 200, body: { received: 0 } });
  });

  test("another content type is told which ones there are", async () => {
    const answer = await setup().post(JSON.stringify([record()]), SENDER, {
      "content-type": "text/csv",
    });

    expect(answer).toMatchObject({
      status: 415,
      body: { error: { message: expect.stringContaining("application/json") } },
    });
  });

  test("a body may be gzip", async () => {
    const { ledger, post } = setup();

    const answer = await post(gzipSync(JSON.stringify([record()])), SENDER, {
      "content-encoding": "gzip",
    });

    expect(answer.status).toBe(200);
    expect(ledger.outcomes()).toHaveLength(1);
  });

  test.each([
    ["nothing", "", 400],
    ["no JSON", "outcome=merged", 400],
    ["bytes that are not UTF-8", Buffer.from([0x5b, 0xff, 0x5d]), 400],
    ["gzip that is cut off", gzipSync("[]").subarray(0, 12), 400],
    ["more bytes than fit", Buffer.alloc(20 * 1024 * 1024 + 1, " "), 413],
    ["a bomb", gzipSync(Buffer.alloc(10_000_000, " ")), 413],
    ["more records than fit", JSON.stringify(Array.from({ length: 5_001 }, () => 1)), 413],
  ])("refuses %s as a whole, and says why", async (_, body, status) => {
    const { ledger, post } = setup();

    const answer = await post(body);

    expect(answer).toMatchObject({ status, body: { error: { message: expect.any(String) } } });
    expect(ledger.outcomes()).toEqual([]);
  });

  test("while the ledger is down the sender is asked to send again, never told 500", async () => {
    const { ledger, post } = setup();

    ledger.breakDown();

    expect(await post(JSON.stringify([record()]))).toMatchObject({
      status: 503,
      headers: { "retry-after": "2" },
    });
  });

  test("while the key store is down the sender is asked to send again", async () => {
    const { ledger, post } = setup();

    const answer = await post(JSON.stringify([record()]), { unavailable: "true" });

    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": expect.any(String) } });
    expect(ledger.outcomes()).toEqual([]);
  });

  test("logs counts only: no name, no id of the work", async () => {
    const lines = capturedLog();
    const { post } = setup();

    await post(JSON.stringify([record(), record({ kind: "vibes", task: "canary-task" })]));

    expect(JSON.stringify(lines)).toContain('"received":2');
    expect(JSON.stringify(lines)).not.toMatch(/user-017|canary|acme/);
  });
});
