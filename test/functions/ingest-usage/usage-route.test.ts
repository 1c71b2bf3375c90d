import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";
import { apiRequestAttributes, logRecordJson, logsBody } from "../../support/otlp-bodies.ts";
import { aWireItem } from "../../support/usage-wire-items.ts";
import { jsonOf, pseudonymise, setup } from "./ingest-usage-setup.ts";

const NDJSON = "application/x-ndjson";
const NOTHING = { received: 0, committed: 0, duplicate: 0, quarantined: 0, rejected: 0 };

describe("POST /v1/usage", () => {
  test("stores items and says so of each", async () => {
    const { post, ledger } = setup();

    const answer = await post({
      path: "usage",
      body: JSON.stringify([aWireItem(), aWireItem({ id: "b" }), aWireItem()]),
    });

    expect(answer.statusCode).toBe(200);
    expect(jsonOf(answer)).toEqual({
      ...NOTHING,
      received: 3,
      committed: 2,
      duplicate: 1,
      results: [
        { index: 0, id: "req_018a", status: "committed" },
        { index: 1, id: "b", status: "committed" },
        { index: 2, id: "req_018a", status: "duplicate" },
      ],
    });
    expect(ledger.events()).toMatchObject([
      { id: "anthropic:req_018a", user: pseudonymise("user-017@example.com") },
      { id: "anthropic:b" },
    ]);
  });

  test("takes one item a line, with every item's fate at its own place", async () => {
    const { post, quarantine, metrics } = setup();
    const lines = [
      JSON.stringify(aWireItem({ time: "2026-12-01T00:00:00Z" })),
      "{oops",
      "",
      JSON.stringify(aWireItem({ id: "b" })),
      JSON.stringify({ ...aWireItem({ id: "c" }), tokens: { input: -1, output: 0 } }),
    ];

    const answer = await post({ path: "usage", body: lines.join("\n"), type: NDJSON });

    expect(answer.statusCode).toBe(200);
    expect(jsonOf(answer)).toMatchObject({
      received: 4,
      committed: 1,
      quarantined: 1,
      rejected: 2,
      results: [
        {
          index: 0,
          id: "req_018a",
          status: "quarantined",
          message: expect.stringContaining("clock"),
        },
        { index: 1, status: "rejected", path: "" },
        { index: 2, id: "b", status: "committed" },
        { index: 3, id: "c", status: "rejected", path: "tokens.input" },
      ],
    });
    expect(quarantine.records()).toHaveLength(1);
    expect(metrics).toEqual([
      { Received: 4, Committed: 1, Duplicate: 0, Quarantined: 1, Rejected: 2 },
    ]);
  });

  test("a call that telemetry reported already is a conflict or a duplicate, never a second spend", async () => {
    const { post, ledger } = setup();
    const time = "2026-11-21T22:02:40.826Z";
    const telemetry = apiRequestAttributes({ request_id: "req_9", cost_usd_micros: undefined });
    await post({ path: "logs", body: JSON.stringify(logsBody([logRecordJson(telemetry)])) });
    const { id, reportedCost, agent, useCase, repository, branch, commit, fingerprint, ...item } =
      aWireItem({ time, session: "9d0bbe99-d739-49a1-8651-3907cc2ba04b" });

    const answer = await post({ path: "usage", body: JSON.stringify([{ ...item, id: "req_9" }]) });

    expect(jsonOf(answer)).toMatchObject({ duplicate: 1, committed: 0 });
    expect(ledger.events()).toHaveLength(1);
  });

  test("a conflict with what the ledger holds is said, with what to make of it", async () => {
    const { post } = setup();
    await post({ path: "usage", body: JSON.stringify([aWireItem()]) });

    const answer = await post({
      path: "usage",
      body: JSON.stringify([aWireItem({ tokens: { input: 1, output: 1 } })]),
    });

    expect(jsonOf(answer)).toMatchObject({
      quarantined: 1,
      results: [{ status: "quarantined", message: expect.stringContaining("other content") }],
    });
  });

  test("answers 400 in the same shape if not one item is of use", async () => {
    const { post, metrics } = setup();

    const answer = await post({ path: "usage", body: '[{"id":"a"},3]' });

    expect(answer.statusCode).toBe(400);
    expect(jsonOf(answer)).toMatchObject({
      received: 2,
      rejected: 2,
      results: [
        { index: 0, id: "a", status: "rejected", path: "time" },
        { index: 1, status: "rejected", path: "" },
      ],
    });
    expect(metrics).toMatchObject([{ Received: 2, Rejected: 2 }]);
  });

  test.each([
    ["{", 400],
    ["3 4", 400],
    ["", 400],
    ["[".repeat(1_000_000), 400],
    [Uint8Array.from([0xff, 0xfe]), 400],
    [`[${"{},".repeat(5000)}{}]`, 413],
    ["1\n".repeat(600_000), 400],
    [gzipSync(Buffer.alloc(64 * 1024 * 1024)), 413],
  ])("a body that cannot be read as a list of items says why: case %#", async (body, status) => {
    const { post, metrics } = setup();

    const answer = await post({ path: "usage", body });

    expect(answer.statusCode).toBe(status);
    expect(jsonOf(answer)).toEqual({ error: { message: expect.any(String) } });
    expect(metrics).toEqual([]);
  });

  test("an empty list is taken", async () => {
    const { post } = setup();

    const answer = await post({ path: "usage", body: "[]" });

    expect(answer.statusCode).toBe(200);
    expect(jsonOf(answer)).toEqual({ ...NOTHING, results: [] });
  });

  test.each(["text/csv", "application/x-protobuf", ""])(
    "content type %j is a 415 in our own format",
    async (type) => {
      const { post } = setup();

      const answer = await post({ path: "usage", body: "[]", type });

      expect(answer.statusCode).toBe(415);
      expect(jsonOf(answer)).toEqual({ error: { message: expect.any(String) } });
    },
  );

  test.each([
    ["claude-code", "claude-code", 200],
    ["usage", "litellm", 200],
    ["claude-code", "litellm", 403],
    ["outcomes", "claude-code", 403],
  ])("a key for %s that sends usage of %s is answered %i", async (source, tool, status) => {
    const { post, ledger } = setup();

    const answer = await post({
      path: "usage",
      body: JSON.stringify([aWireItem({ tool })]),
      sender: { keyId: "k1", source },
    });

    expect(answer.statusCode).toBe(status);
    expect(ledger.events()).toHaveLength(status === 200 ? 1 : 0);
  });

  test("a key of one tool gets its own items in, and only those", async () => {
    const { post, ledger } = setup();

    const answer = await post({
      path: "usage",
      body: JSON.stringify([aWireItem(), aWireItem({ id: "b", tool: "litellm" })]),
      sender: { keyId: "k1", source: "claude-code" },
    });

    expect(answer.statusCode).toBe(200);
    expect(jsonOf(answer)).toMatchObject({ committed: 1, rejected: 1 });
    expect(ledger.events()).toMatchObject([{ tool: "claude-code" }]);
  });

  test("a ledger that is not there is a 503 in our own format", async () => {
    const { post } = setup({
      ledger: {
        append: async () => {
          throw new LedgerUnavailableError(new Error("throttled"), 3);
        },
      },
    });

    const answer = await post({ path: "usage", body: JSON.stringify([aWireItem()]) });

    expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": "3" } });
    expect(jsonOf(answer)).toEqual({ error: { message: expect.any(String) } });
  });
});

test("five batchings of the same calls, in any order, store each call once", async () => {
  const { post, ledger, metrics } = setup();
  const items = Array.from({ length: 60 }, (_, at) => aWireItem({ id: `req_${at}` }));
  const batches = [60, 1, 7, 30, 13].flatMap((size, round) => {
    const ordered = round % 2 === 0 ? items : items.toReversed();
    return Array.from({ length: Math.ceil(ordered.length / size) }, (_, at) =>
      ordered.slice(at * size, (at + 1) * size),
    );
  });

  for (const batch of batches) {
    await post({ path: "usage", body: JSON.stringify(batch) });
  }

  expect(ledger.events()).toHaveLength(60);
  const total = (name: string) => metrics.reduce((sum, values) => sum + (values[name] ?? 0), 0);
  expect([total("Received"), total("Committed"), total("Duplicate")]).toEqual([300, 60, 240]);
});
