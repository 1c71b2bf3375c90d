import { EXPORT_LOGS_SERVICE_REQUEST } from "../../../shared/otlp/protobuf-schema.ts";
import { fixtureBodies } from "../../support/otlp-bodies.ts";
import { encodeProtobuf } from "../../support/protobuf-encode.ts";

type Attribute = { readonly key: string; readonly value: Readonly<Record<string, unknown>> };
type LogRecord = { readonly attributes: readonly Attribute[] };
type ScopeLogs = { readonly scope: unknown; readonly logRecords: readonly LogRecord[] };
type ResourceLogs = { readonly resource: unknown; readonly scopeLogs: readonly [ScopeLogs] };

export type Batch = {
  readonly events: number;
  /** Over how many sessions they are spread, one after the other. */
  readonly sessions?: number;
  /** Tells the events of one batch from those of another. */
  readonly name?: string;
};

const FIRST_MS = Date.parse("2026-11-21T22:02:00.000Z");
const MINUTE_MS = 60_000;

/**
 * A request with so many model calls as Claude Code sends them: the captured `api_request`, with all
 * of its attributes, again and again with ids of its own, within one minute.
 */
export function claudeCodeBatch({ events, sessions = 1, name = "b" }: Batch): Buffer {
  return Buffer.from(JSON.stringify(requestOf({ events, sessions, name })));
}

/** The same, as Protocol Buffers. */
export function claudeCodeProtobuf({ events, sessions = 1, name = "b" }: Batch): Buffer {
  return encodeProtobuf(requestOf({ events, sessions, name }), EXPORT_LOGS_SERVICE_REQUEST);
}

function requestOf({ events, sessions, name }: Required<Batch>) {
  const { resource, scopeLogs } = capturedLogs();
  const [{ scope, logRecords: captured }] = scopeLogs;
  const call = captured.find(isModelCall);
  if (call === undefined) {
    throw new Error("the fixture holds no model call");
  }
  const logRecords = Array.from({ length: events }, (_, n) =>
    callLike(call, {
      request_id: `req_011${name}${String(n).padStart(8, "0")}`,
      "session.id": `9d0bbe99-${name.padStart(8, "0")}-${String(n % sessions).padStart(12, "0")}`,
      "event.sequence": n,
      input_tokens: 100 + n,
      "event.timestamp": new Date(FIRST_MS + Math.floor((n * MINUTE_MS) / events)).toISOString(),
    }),
  );
  return { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] };
}

function capturedLogs(): ResourceLogs {
  const [body] = fixtureBodies("claude-code-otel/session.logs-1.json");
  // A fixture of ours: what does not fit fails every use of it.
  return (body as { readonly resourceLogs: readonly [ResourceLogs] }).resourceLogs[0];
}

function isModelCall({ attributes }: LogRecord): boolean {
  return attributes.some(
    ({ key, value }) => key === "event.name" && value["stringValue"] === "api_request",
  );
}

function callLike(call: LogRecord, values: Readonly<Record<string, string | number>>): LogRecord {
  const attributes = call.attributes.map((attribute) => {
    const value = values[attribute.key];
    if (value === undefined) {
      return attribute;
    }
    return {
      key: attribute.key,
      value: typeof value === "string" ? { stringValue: value } : { intValue: value },
    };
  });
  return { ...call, attributes };
}
