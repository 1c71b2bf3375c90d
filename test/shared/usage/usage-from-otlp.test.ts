import { describe, expect, test } from "vitest";
import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import {
  logRecordsOf,
  metricPointsOf,
  type OtlpLogRecord,
  type OtlpMetricPoint,
} from "../../../shared/otlp/export-request.ts";
import { decodeProtobuf } from "../../../shared/otlp/protobuf-decode.ts";
import {
  EXPORT_LOGS_SERVICE_REQUEST,
  EXPORT_METRICS_SERVICE_REQUEST,
} from "../../../shared/otlp/protobuf-schema.ts";
import { NO_TOKENS, type SentUsage } from "../../../shared/usage/usage-event.ts";
import { usageFromOtlp } from "../../../shared/usage/usage-from-otlp.ts";
import {
  apiRequestAttributes,
  CALL_TIME_MS,
  fixtureBodies,
  fixtureBytes,
  logRecordJson,
  logsBody,
} from "../../support/otlp-bodies.ts";

const [EXPECTED] = fixtureBodies("EXPECTED.json") as [
  Partial<Record<string, Record<string, number | readonly string[]>>>,
];
const NOW_MS = Date.UTC(2026, 10, 22);
const context = { nowMs: NOW_MS, hash: identityHash, maySend: () => true };

const read = (records: readonly (OtlpLogRecord | OtlpMetricPoint)[]) =>
  usageFromOtlp(records, context);
const logRecords = (...files: readonly string[]) =>
  files.flatMap((file) => fixtureBodies(`claude-code-otel/${file}`)).flatMap(logRecordsOf);
const metricPoints = (...files: readonly string[]) =>
  files.flatMap((file) => fixtureBodies(`claude-code-otel/${file}`)).flatMap(metricPointsOf);

function sumOf(events: readonly SentUsage[], quantity: (event: SentUsage) => number): number {
  return events.reduce((sum, event) => sum + quantity(event), 0);
}

function totalsOf(events: readonly SentUsage[]) {
  const calls = events.filter((event) => event.grain === "request");
  return {
    session: [...new Set(calls.map((event) => event.session))],
    requests: new Set(calls.map((event) => event.id)).size,
    input: sumOf(calls, ({ tokens }) => tokens.uncachedInput),
    output: sumOf(calls, ({ tokens }) => tokens.output),
    cache_read: sumOf(calls, ({ tokens }) => tokens.cacheRead),
    cache_write: sumOf(calls, ({ tokens }) => tokens.cacheWrite5m + tokens.cacheWrite1h),
    cost_usd_micros: sumOf(calls, (event) => Number(event.reportedCostNanoUsd ?? 0n) / 1000),
  };
}

describe("usageFromOtlp on captured sessions", () => {
  test.each([
    ["session", ["session.logs-1.json", "session.logs-2.json"]],
    ["session+resume", ["session.logs-1.json", "session.logs-2.json", "resume.logs-1.json"]],
    ["pr-create", ["pr-create.logs-1.json"]],
    ["tool-details", ["tool-details.logs.jsonl"]],
    ["oauth-user-burn", ["oauth-user-burn.logs.json"]],
    ["protobuf", ["protobuf.logs.decoded.json"]],
  ])("%s adds up to the totals that were worked out apart", (name, files) => {
    const batch = read(logRecords(...files));

    expect(batch.rejected).toEqual([]);
    expect(batch.quarantined).toEqual([]);
    expect(totalsOf(batch.accepted)).toEqual(
      EXPECTED[`claude-code-otel/${name} (api_request events)`],
    );
  });

  test("the same session in protobuf is the same events", () => {
    const fromProtobuf = [
      ...logRecordsOf(
        decodeProtobuf(
          fixtureBytes("claude-code-otel/protobuf.logs.bin"),
          EXPORT_LOGS_SERVICE_REQUEST,
        ),
      ),
      ...metricPointsOf(
        decodeProtobuf(
          fixtureBytes("claude-code-otel/protobuf.metrics.bin"),
          EXPORT_METRICS_SERVICE_REQUEST,
        ),
      ),
    ];

    expect(read(fromProtobuf)).toEqual(
      read([
        ...logRecords("protobuf.logs.decoded.json"),
        ...metricPoints("protobuf.metrics.decoded.json"),
      ]),
    );
  });

  test("the counters of a session add up to what its events say", () => {
    const { accepted } = read(metricPoints("session.metrics-1.json", "session.metrics-2.json"));
    const expected = EXPECTED["claude-code-otel/session metrics (delta, sum)"] ?? {};

    expect(accepted.every((event) => event.grain === "window")).toBe(true);
    expect({
      "claude_code.token.usage/input": sumOf(accepted, ({ tokens }) => tokens.uncachedInput),
      "claude_code.token.usage/output": sumOf(accepted, ({ tokens }) => tokens.output),
      "claude_code.token.usage/cacheRead": sumOf(accepted, ({ tokens }) => tokens.cacheRead),
      "claude_code.token.usage/cacheCreation": sumOf(accepted, ({ tokens }) => tokens.cacheWrite5m),
      "claude_code.cost.usage":
        sumOf(accepted, (event) => Number(event.reportedCostNanoUsd ?? 0n)) / 1e9,
    }).toEqual(
      Object.fromEntries(Object.entries(expected).filter(([name]) => /token|cost/.test(name))),
    );
  });

  test("a body that is sent again after a 503 has the same identities", () => {
    const [first = [], again = []] = fixtureBodies(
      "claude-code-otel/retry-after-503.metrics.jsonl",
    ).map((body) => read(metricPointsOf(body)).accepted);

    expect(first.length).toBeGreaterThan(0);
    expect(again).toEqual(first);
  });

  test("a commit made with tool details on ties the session to it", () => {
    const links = read(logRecords("tool-details.logs.jsonl")).accepted.filter(
      (event) => event.grain === "link",
    );

    expect(links).toMatchObject([
      {
        session: "ee771c5a-ef92-4925-9604-3bcd82f0b6b1",
        commit: "32ad06cd99f840f4d68012987b211038919ca9f1",
        branch: "master",
        tokens: NO_TOKENS,
      },
    ]);
  });

  test("records without usage are counted by name and are no part of what is received", () => {
    expect(read(logRecords("session.logs-1.json")).ignored).toEqual(
      new Map([
        ["managed_settings_resolved", 1],
        ["plugin_loaded", 1],
        ["user_prompt", 1],
        ["tool_decision", 1],
        ["assistant_response", 1],
      ]),
    );
  });
});

type LogsJson = {
  resourceLogs: { resource: unknown; scopeLogs: { scope: unknown; logRecords: unknown[] }[] }[];
};

describe("usageFromOtlp whatever the batching", () => {
  test("a session sent record by record, and in one batch, is the same events", () => {
    const bodies = ["session.logs-1.json", "session.logs-2.json", "oauth-user-burn.logs.json"]
      .flatMap((file) => fixtureBodies(`claude-code-otel/${file}`))
      .map((body) => body as LogsJson);
    const single = bodies.flatMap(({ resourceLogs }) =>
      resourceLogs.flatMap(({ resource, scopeLogs }) =>
        scopeLogs.flatMap(({ scope, logRecords: records }) =>
          records.map((record) => ({
            resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }],
          })),
        ),
      ),
    );
    const merged = { resourceLogs: bodies.flatMap(({ resourceLogs }) => resourceLogs) };

    const oneByOne = single.flatMap((body) => read(logRecordsOf(body)).accepted);

    expect(oneByOne).toHaveLength(8);
    expect(read(logRecordsOf(merged)).accepted).toEqual(oneByOne);
  });

  test("good records of a batch are accepted beside bad ones, and every one is accounted for", () => {
    const records = [
      apiRequestAttributes(),
      apiRequestAttributes({ input_tokens: -1 }),
      apiRequestAttributes({ "event.name": "user_prompt" }),
      apiRequestAttributes({ request_id: "req_2" }),
    ].map((attributes) => logRecordJson(attributes));

    const batch = read(logRecordsOf(logsBody(records)));

    expect(batch.accepted.map(({ id }) => id)).toEqual([
      "anthropic:req_011CA1ex0000000001",
      "anthropic:req_2",
    ]);
    expect(batch.rejected).toMatchObject([{ index: 1 }]);
    expect(batch.ignored).toEqual(new Map([["user_prompt", 1]]));
  });
});

describe("usageFromOtlp", () => {
  test.each([
    [5 * 60_000, "accepted"],
    [5 * 60_000 + 1, "quarantined"],
  ])("a call %i ms ahead of our clock is %s", (aheadMs, expected) => {
    const batch = usageFromOtlp(logRecordsOf(logsBody([logRecordJson(apiRequestAttributes())])), {
      ...context,
      nowMs: CALL_TIME_MS - aheadMs,
    });

    expect(expected === "accepted" ? batch.accepted : batch.quarantined).toHaveLength(1);
    expect(batch.quarantined.map(({ reason }) => reason)).toEqual(
      expected === "accepted" ? [] : ["clock-in-future"],
    );
  });

  test("a sender is known by its scope even if the deployment renamed its service", () => {
    const body = logsBody([logRecordJson(apiRequestAttributes())], {
      resource: { "service.name": "our-agent" },
    });

    expect(read(logRecordsOf(body)).accepted).toHaveLength(1);
  });

  test("what an unknown sender sends is ignored, and its names are not repeated", () => {
    const body = logsBody([logRecordJson(apiRequestAttributes({ "event.name": "canary" }))], {
      resource: { "service.name": "someone-else" },
      scope: "someone.else",
    });

    expect(read(logRecordsOf(body))).toMatchObject({
      accepted: [],
      rejected: [],
      ignored: new Map([["unknown-sender", 1]]),
    });
  });

  test("strange event names are counted together, so that no text gets into a log by its name", () => {
    const names = ["please write a poem", "x".repeat(100), "user_prompt"];
    const records = names.map((name) =>
      logRecordJson(apiRequestAttributes({ "event.name": name })),
    );

    expect(read(logRecordsOf(logsBody(records))).ignored).toEqual(
      new Map([
        ["other", 2],
        ["user_prompt", 1],
      ]),
    );
  });

  test("a thousand different event names are counted under fifty names and one for the rest", () => {
    const records = Array.from({ length: 1000 }, (_, at) =>
      logRecordJson({ "event.name": `event_${at}` }),
    );

    const { ignored } = read(logRecordsOf(logsBody(records)));

    expect(ignored.size).toBe(51);
    expect(ignored.get("other")).toBe(950);
  });

  test("a key of another tool may not send this tool's usage; records without usage stay ignored", () => {
    const records = [apiRequestAttributes(), apiRequestAttributes({ "event.name": "user_prompt" })];

    const batch = usageFromOtlp(
      logRecordsOf(logsBody(records.map((attributes) => logRecordJson(attributes)))),
      { ...context, maySend: (tool) => tool === "codex" },
    );

    expect(batch).toMatchObject({
      accepted: [],
      rejected: [{ index: 0, message: expect.stringContaining("may not send") }],
      ignored: new Map([["user_prompt", 1]]),
    });
  });
});
