import { ProtobufDecodeError } from "../../shared/otlp/byte-reader.ts";
import {
  logRecordsOf,
  metricPointsOf,
  type OtlpRecord,
  spansOf,
} from "../../shared/otlp/export-request.ts";
import type { OtlpEncoding, OtlpSignal } from "../../shared/otlp/export-response.ts";
import { MalformedExportError } from "../../shared/otlp/located-json.ts";
import { decodeProtobuf } from "../../shared/otlp/protobuf-decode.ts";
import {
  EXPORT_LOGS_SERVICE_REQUEST,
  EXPORT_METRICS_SERVICE_REQUEST,
  EXPORT_TRACE_SERVICE_REQUEST,
} from "../../shared/otlp/protobuf-schema.ts";
import { parseBoundedJson } from "../../shared/wire/bounded-json.ts";
import { utf8Text } from "../http/utf8.ts";

export type OtlpRequest =
  | { readonly kind: "records"; readonly records: readonly OtlpRecord[] }
  | { readonly kind: "malformed"; readonly message: string };

const JSON_LIMITS = { maxDepth: 64, maxValues: 2_000_000 };

const SIGNALS = {
  logs: { schema: EXPORT_LOGS_SERVICE_REQUEST, recordsOf: logRecordsOf },
  metrics: { schema: EXPORT_METRICS_SERVICE_REQUEST, recordsOf: metricPointsOf },
  traces: { schema: EXPORT_TRACE_SERVICE_REQUEST, recordsOf: spansOf },
} as const;

/** Reads the body of an OTLP export request. An empty body is a request without records. */
export function otlpRequest(
  bytes: Uint8Array,
  encoding: OtlpEncoding,
  signal: OtlpSignal,
): OtlpRequest {
  const { schema, recordsOf } = SIGNALS[signal];
  if (bytes.length === 0) {
    return { kind: "records", records: [] };
  }
  try {
    const request = encoding === "json" ? jsonIn(bytes) : decodeProtobuf(bytes, schema);
    return { kind: "records", records: recordsOf(request) };
  } catch (error) {
    if (error instanceof MalformedExportError || error instanceof ProtobufDecodeError) {
      return { kind: "malformed", message: error.message };
    }
    throw error;
  }
}

function jsonIn(bytes: Uint8Array): unknown {
  const text = utf8Text(bytes);
  if (text === undefined) {
    throw new MalformedExportError("", "must be UTF-8, plain or gzip");
  }
  const parsed = parseBoundedJson(text, JSON_LIMITS);
  if (parsed.kind === "malformed") {
    throw new MalformedExportError("", parsed.message);
  }
  return parsed.value;
}
