import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeProtobuf } from "../../../shared/otlp/protobuf-decode.ts";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";
import {
  apiRequestAttributes,
  CALL_TIME_MS,
  dataPointJson,
  fixtureBytes,
  logRecordJson,
  logsBody,
  metricsBody,
} from "../../support/otlp-bodies.ts";
import { jsonOf, pseudonymise, setup } from "./ingest-usage-setup.ts";

const PROTOBUF = "application/x-protobuf";
const logsFixture = fixtureBytes("claude-code-otel/session.logs-1.json");
const protobufLogs = fixtureBytes("claude-code-otel/protobuf.logs.bin");

const calls = (...overrides: readonly Parameters<typeof apiRequestAttributes>[0][]) =>
  JSON.stringify(logsBody(overrides.map((some) => logRecordJson(apiRequestAttributes(some)))));

const protobufStatus = (body: string | undefined) =>
  decodeProtobuf(Buffer.from(body ?? "", "base64"), {
    1: { name: "code", type: "uint32" },
    2: { name: "message", type: "string" },
  });

describe("POST /v1/logs", () => {
  test("stores a call under the pseudonym of its user and answers {}", async () => {
    const { post, ledger } = setup();

    const answer = await post({ path: "logs", body: logsFixture });

    expect(answer).toEqual({
      statusCode: 200,
      headers: { "content-type": "application/json" },
      body: "{}",
      isBase64Encoded: false,
    });
    expect(ledger.events()).toMatchObject([
      {
        id: "anthropic:req_011CA1ex0000000001",
        user: pseudonymise("jdoe@example.com"),
        attribution: "asserted",
        timeMs: CALL_TIME_MS,
      },
    ]);
    expect(JSON.stringify(ledger.events().map(({ user }) => user))).not.toContain("@");
  });

  test.each([
    ["as it is", protobufLogs],
    ["in gzip", gzipSync(protobufLogs)],
  ])("takes protobuf %s and answers an empty message of the same type", async (_, body) => {
    const { post, ledger } = setup();

    const answer = await post({ path: "logs", body, type: PROTOBUF });

    expect(answer).toEqual({
      statusCode: 200,
      headers: { "content-type": PROTOBUF },
      body: "",
      isBase64Encoded: true,
    });
    expect(ledger.events()).toHaveLength(1);
  });

  test("takes JSON that says gzip but is not, as some gateways inflate and keep the header", async () => {
    const { post, ledger } = setup();

    await post({ path: "logs", body: calls({}), headers: { "content-encoding": "gzip" } });

    expect(ledger.events()).toHaveLength(1);
  });

  test("a body that is sent again is counted as duplicate, and stored once", async () => {
    const { post, ledger, metrics } = setup();

    await post({ path: "logs", body: calls({}) });
    const again = await post({ path: "logs", body: calls({}) });

    expect(again.statusCode).toBe(200);
    expect(ledger.events()).toHaveLength(1);
    expect(metrics).toEqual([
      { Received: 1, Committed: 1, Duplicate: 0, Quarantined: 0, Rejected: 0 },
      { Received: 1, Committed: 0, Duplicate: 1, Quarantined: 0, Rejected: 0 },
    ]);
  });

  test("a key that is bound to a user overrules what the client says", async () => {
    const { post, ledger } = setup();

    await post({
      path: "logs",
      body: calls({}),
      sender: { keyId: "k1", source: "claude-code", user: "pseudonym-of-018" },
    });

    expect(ledger.events()).toMatchObject([{ user: "pseudonym-of-018", attribution: "bound" }]);
  });

  test("spend that names no one is kept, and stays visible as nobody's", async () => {
    const { post, ledger } = setup();

    await post({ path: "logs", body: calls({ "user.email": undefined }) });

    expect(ledger.events()).toMatchObject([{ user: "unattributed", attribution: "asserted" }]);
  });

  test.each([
    ["no bytes of protobuf", { body: undefined, type: PROTOBUF }],
    ["no bytes of JSON", { body: undefined }],
    ["an empty object", { body: "{}" }],
    ["no records", { body: '{"resourceLogs":[]}' }],
  ])("%s is a success without records", async (_, request) => {
    const { post, metrics } = setup();

    const answer = await post({ path: "logs", ...request });

    expect(answer.statusCode).toBe(200);
    expect(metrics).toMatchObject([{ Received: 0 }]);
  });

  test("bad records are rejected by count, with the field named; good ones are stored", async () => {
    const { post, ledger } = setup();

    const answer = await post({
      path: "logs",
      body: calls({ input_tokens: -1 }, { request_id: "req_2" }, { output_tokens: "canary" }),
    });

    expect(answer.statusCode).toBe(200);
    expect(jsonOf(answer)).toEqual({
      partialSuccess: {
        rejectedLogRecords: "2",
        errorMessage:
          "resourceLogs[0].scopeLogs[0].logRecords[0].attributes.input_tokens must be a whole number from 0 to 1000000000, got -1; " +
          "resourceLogs[0].scopeLogs[0].logRecords[2].attributes.output_tokens must be a whole number from 0 to 1000000000, got a text",
      },
    });
    expect(ledger.events()).toHaveLength(1);
  });

  test("a call ahead of our clock is kept in quarantine: a warning, not a rejection", async () => {
    const { post, quarantine, ledger, metrics } = setup({ nowMs: () => CALL_TIME_MS - 3_600_000 });

    const answer = await post({ path: "logs", body: calls({}) });

    expect(jsonOf(answer)).toMatchObject({
      partialSuccess: {
        rejectedLogRecords: "0",
        errorMessage: expect.stringContaining("quarantine"),
      },
    });
    expect(ledger.events()).toEqual([]);
    expect(quarantine.records()).toMatchObject([
      {
        kind: "usage",
        reason: "clock-in-future",
        receivedAtMs: CALL_TIME_MS - 3_600_000,
        event: {
          user: pseudonymise("user-017@example.com"),
          id: "anthropic:req_011CA1ex0000000001",
        },
      },
    ]);
    expect(metrics).toMatchObject([{ Received: 1, Quarantined: 1, Rejected: 0 }]);
  });

  test("a call that the ledger holds with other content is kept aside, never overwritten", async () => {
    const { post, quarantine, ledger } = setup();
    await post({ path: "logs", body: calls({}) });

    const answer = await post({ path: "logs", body: calls({ output_tokens: 9 }) });

    expect(answer.statusCode).toBe(200);
    expect(ledger.events()).toMatchObject([{ tokens: { output: 456 } }]);
    expect(quarantine.records()).toMatchObject([
      { reason: "conflict", event: { tokens: { output: 9 } } },
    ]);
  });

  test.each([
    ["text/plain", 415],
    ["", 415],
    ["application/x-protobuf; charset=x", 200],
    ["application/json; charset=utf-8", 200],
  ])("content type %j answers %i", async (type, status) => {
    const { post } = setup();

    expect((await post({ path: "logs", body: "", type })).statusCode).toBe(status);
  });

  test.each([
    ["JSON", "{", "application/json"],
    ["JSON nested too deep", "[".repeat(100_000), "application/json"],
    ["text that is not UTF-8", Uint8Array.from([0x22, 0xff, 0x22]), "application/json"],
    ["another shape", '{"resourceLogs":3}', "application/json"],
    ["gzip", Uint8Array.from([0x1f, 0x8b, 0x08]), "application/json"],
  ])("a body that is no %s is a 400 with a status, not sent again", async (_, body, type) => {
    const { post, ledger } = setup();

    const answer = await post({ path: "logs", body, type });

    expect(answer.statusCode).toBe(400);
    expect(jsonOf(answer)).toEqual({ code: 3, message: expect.any(String) });
    expect(ledger.events()).toEqual([]);
  });

  test("a protobuf body that is none is a 400 with a status in protobuf", async () => {
    const { post } = setup();

    const answer = await post({ path: "logs", body: protobufLogs.subarray(0, 99), type: PROTOBUF });

    expect(answer).toMatchObject({ statusCode: 400, headers: { "content-type": PROTOBUF } });
    expect(protobufStatus(answer.body)).toEqual({ code: 3, message: expect.any(String) });
  });

  test("a gzip bomb is a 413", async () => {
    const { post } = setup();

    const answer = await post({ path: "logs", body: gzipSync(Buffer.alloc(64 * 1024 * 1024)) });

    expect(answer.statusCode).toBe(413);
  });

  test.each([
    ["outcomes", 403],
    ["codex", 403],
    ["claude-code", 200],
    ["otlp", 200],
  ])("a key for %s answers %i", async (source, status) => {
    const { post, ledger } = setup();

    const answer = await post({ path: "logs", body: calls({}), sender: { keyId: "k1", source } });

    expect(answer.statusCode).toBe(status);
    expect(ledger.events()).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe("POST /v1/metrics", () => {
  test("stores windows, and says that a cumulative counter without a start is kept aside", async () => {
    const { post, ledger, quarantine } = setup();

    const delta = await post({
      path: "metrics",
      body: JSON.stringify(metricsBody([dataPointJson()])),
    });
    const cumulative = await post({
      path: "metrics",
      body: JSON.stringify(
        metricsBody([dataPointJson({}, { startTimeUnixNano: 0 })], { temporality: 2 }),
      ),
    });

    expect(jsonOf(delta)).toEqual({});
    expect(ledger.events()).toMatchObject([{ grain: "window" }]);
    expect(jsonOf(cumulative)).toMatchObject({
      partialSuccess: {
        rejectedDataPoints: "0",
        errorMessage: expect.stringContaining("TEMPORALITY_PREFERENCE=delta"),
      },
    });
    expect(quarantine.records()).toMatchObject([{ reason: "cumulative-temporality" }]);
  });
});

describe("when a store is not there", () => {
  const down = async () => {
    throw new LedgerUnavailableError(new Error("throttled"), 7);
  };

  test.each([
    ["the ledger", { ledger: { append: down } }, "7"],
    ["the key of pseudonyms", { pseudonymise: down }, "7"],
    [
      "something that nobody thought of",
      {
        ledger: {
          append: async () => {
            throw new TypeError("x is not a function");
          },
        },
      },
      "2",
    ],
  ])("%s: the answer is 503 and when to send again", async (_, deps, retryAfter) => {
    const { post, metrics } = setup(deps);

    const answer = await post({ path: "logs", body: calls({}) });

    expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": retryAfter } });
    expect(jsonOf(answer)).toEqual({ code: 14, message: expect.any(String) });
    expect(metrics).toEqual([]);
  });

  test("a protobuf client gets its 503 in protobuf", async () => {
    const { post } = setup({ ledger: { append: down } });

    const answer = await post({ path: "logs", body: protobufLogs, type: PROTOBUF });

    expect(answer).toMatchObject({ statusCode: 503, headers: { "content-type": PROTOBUF } });
    expect(protobufStatus(answer.body)).toMatchObject({ code: 14 });
  });

  test("an authoriser that could not reach its keys is a 503, not a refusal", async () => {
    const { post } = setup();

    const answer = await post({ path: "logs", body: calls({}), sender: { unavailable: "true" } });

    expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": "2" } });
  });

  test("a quarantine that fails halfway acknowledges nothing, and sending again loses nothing", async () => {
    const { ledger, quarantine } = setup();
    const failures = [down];
    const { post } = setup({
      ledger,
      quarantine: { keep: (record) => (failures.shift() ?? quarantine.keep)(record) },
      nowMs: () => CALL_TIME_MS,
    });
    const ahead = { timeUnixNano: `${CALL_TIME_MS + 3_600_000}000000` };
    const body = JSON.stringify(
      logsBody([
        logRecordJson(apiRequestAttributes()),
        logRecordJson(apiRequestAttributes({ request_id: "req_2" }), ahead),
      ]),
    );

    const first = await post({ path: "logs", body });
    const second = await post({ path: "logs", body });

    expect([first.statusCode, second.statusCode]).toEqual([503, 200]);
    expect(ledger.events()).toHaveLength(1);
    expect(quarantine.records()).toHaveLength(1);
  });

  test("a ledger that hangs is answered with 503 before the function runs out of time", async () => {
    const { post } = setup({ ledger: { append: () => new Promise(() => {}) } });

    const answer = await post({ path: "logs", body: calls({}), remainingMs: 550 });

    expect(answer.statusCode).toBe(503);
  });
});

describe("what was said in a session", () => {
  test("gets into no event, no quarantined record, no log line and no answer", async () => {
    const canary = "canary-91ff";
    const secret = {
      [`x.${canary}`]: canary,
      prompt: canary,
      response: canary,
      tool_input: canary,
    };
    const parameters = JSON.stringify({
      full_command: `echo ${canary}`,
      git_commit_id: "32ad06cd99f840f4d68012987b211038919ca9f1",
      description: canary,
    });
    const records = [
      { ...secret },
      { ...secret, input_tokens: canary },
      { ...secret, request_id: "req_2", "event.timestamp": canary },
      { ...secret, "event.name": "tool_result", tool_parameters: parameters },
      { ...secret, "event.name": "tool_result", tool_parameters: `{${canary}` },
      { ...secret, "event.name": "user_prompt" },
      { ...secret, "event.name": `say ${canary}` },
    ].map((some) => logRecordJson(apiRequestAttributes(some), { body: { stringValue: canary } }));
    const { post, ledger, quarantine, logs } = setup();

    const answers = [
      await post({ path: "logs", body: JSON.stringify(logsBody(records, { resource: secret })) }),
      await post({ path: "logs", body: canary }),
      await post({ path: "logs", body: `{"resourceLogs":"${canary}"}` }),
      await post({
        path: "metrics",
        body: JSON.stringify(metricsBody([dataPointJson({ ...secret, type: canary })])),
      }),
      await post({ path: "metrics", body: JSON.stringify(metricsBody([dataPointJson(secret)])) }),
      await post({
        path: "metrics",
        body: JSON.stringify(
          metricsBody([dataPointJson(secret, { startTimeUnixNano: 0 })], { temporality: 2 }),
        ),
      }),
    ];

    expect(ledger.events()).toHaveLength(4);
    expect(quarantine.records()).toHaveLength(1);
    const written = [
      ...ledger.events().map((event) => Object.values(event).map(String)),
      ...quarantine.records().map(({ key }) => key),
      ...answers.map(({ body }) => body),
      logs(),
    ];
    expect(JSON.stringify(written)).not.toContain("canary");
  });

  test("leaves one log line per request with counts, and no user", async () => {
    const { post, logLines } = setup();

    await post({ path: "logs", body: logsFixture });

    expect(logLines()).toEqual([
      {
        outcome: "ok",
        durationMs: expect.any(Number),
        keyId: "k7f3a9c2e1b4",
        received: 1,
        committed: 1,
        duplicate: 0,
        quarantined: 0,
        rejected: 0,
        ignored: {
          managed_settings_resolved: 1,
          plugin_loaded: 1,
          user_prompt: 1,
          tool_decision: 1,
          assistant_response: 1,
        },
      },
    ]);
  });
});
