import { readFileSync } from "node:fs";
import { givenFields } from "../../shared/usage/given-fields.ts";

const FIXTURES = `${import.meta.dirname}/../fixtures/`;

/** A captured body, as bytes. */
export function fixtureBytes(path: string): Uint8Array {
  return readFileSync(FIXTURES + path);
}

/** Captured bodies as JSON: one, or one a line in `.jsonl`. */
export function fixtureBodies(path: string): readonly unknown[] {
  const text = readFileSync(FIXTURES + path, "utf8");
  return path.endsWith(".jsonl")
    ? text
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line))
    : [JSON.parse(text)];
}

type Json = Readonly<Record<string, unknown>>;
export type AnyValueJson = Json;

/** Attributes in OTLP/JSON: texts, whole numbers, and any value given as it is on the wire. */
export function attributesJson(values: Readonly<Record<string, string | number | AnyValueJson>>) {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValueJson(value) }));
}

function anyValueJson(value: string | number | AnyValueJson): AnyValueJson {
  if (typeof value === "object") {
    return value;
  }
  return typeof value === "string" ? { stringValue: value } : { intValue: value };
}

export type Attributes = Readonly<Record<string, string | number | AnyValueJson>>;

export const CALL_TIME_NANOS = "1795298560826000000";
export const CALL_TIME_MS = 1_795_298_560_826;

/** Attributes of one model call of Claude Code. `undefined` leaves an attribute out. */
export function apiRequestAttributes(
  overrides: Readonly<Record<string, string | number | AnyValueJson | undefined>> = {},
): Attributes {
  const attributes = {
    "session.id": "9d0bbe99-d739-49a1-8651-3907cc2ba04b",
    "user.email": "user-017@example.com",
    "event.name": "api_request",
    "event.timestamp": "2026-11-21T22:02:40.826Z",
    "event.sequence": 6,
    model: "claude-sonnet-4-5",
    input_tokens: 123,
    output_tokens: 456,
    cache_read_tokens: 20_000,
    cache_creation_tokens: 1000,
    cost_usd_micros: 16_959,
    request_id: "req_011CA1ex0000000001",
    ...overrides,
  };
  return givenFields(attributes);
}

/** A log record in OTLP/JSON. */
export function logRecordJson(attributes: Attributes, fields: Json = {}): Json {
  return {
    timeUnixNano: CALL_TIME_NANOS,
    observedTimeUnixNano: CALL_TIME_NANOS,
    body: { stringValue: "claude_code.api_request" },
    attributes: attributesJson(attributes),
    ...fields,
  };
}

/** A request with these log records, from one resource and scope. */
export function logsBody(
  logRecords: readonly Json[],
  { resource = {}, scope = "com.anthropic.claude_code.events" } = {},
): Json {
  return {
    resourceLogs: [
      {
        resource: { attributes: attributesJson(resource) },
        scopeLogs: [{ scope: { name: scope }, logRecords }],
      },
    ],
  };
}

/** A data point in OTLP/JSON of one of Claude Code's token counters. */
export function dataPointJson(attributes: Attributes = {}, fields: Json = {}): Json {
  return {
    attributes: attributesJson({
      "session.id": "9d0bbe99-d739-49a1-8651-3907cc2ba04b",
      "user.email": "user-017@example.com",
      model: "claude-sonnet-4-5",
      type: "input",
      ...attributes,
    }),
    startTimeUnixNano: CALL_TIME_NANOS,
    timeUnixNano: "1795298561594000000",
    asDouble: 123,
    ...fields,
  };
}

/** A request with one sum of these data points; `temporality` 1 is delta, 2 cumulative. */
export function metricsBody(
  dataPoints: readonly Json[],
  { metric = "claude_code.token.usage", temporality = 1 } = {},
): Json {
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributesJson({ "service.name": "claude-code" }) },
        scopeMetrics: [
          {
            scope: { name: "com.anthropic.claude_code" },
            metrics: [
              {
                name: metric,
                sum: { aggregationTemporality: temporality, isMonotonic: true, dataPoints },
              },
            ],
          },
        ],
      },
    ],
  };
}
