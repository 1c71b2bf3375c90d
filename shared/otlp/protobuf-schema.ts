import type { ScalarType } from "./byte-reader.ts";
import type { Field, MessageSchema } from "./protobuf-decode.ts";

/**
 * The fields of OTLP logs, metrics and traces (opentelemetry-proto v1, `opentelemetry/proto/**`).
 * Exemplars, summaries, and the events and links of spans are not listed, and so skipped: no usage
 * is in them.
 */

const one = (name: string, type: ScalarType | (() => MessageSchema)): Field => ({ name, type });
const many = (name: string, type: ScalarType | (() => MessageSchema)): Field => ({
  name,
  type,
  repeated: true,
});

const ANY_VALUE: MessageSchema = {
  1: one("stringValue", "string"),
  2: one("boolValue", "bool"),
  3: one("intValue", "int64"),
  4: one("doubleValue", "double"),
  5: one("arrayValue", () => ({ 1: many("values", () => ANY_VALUE) })),
  6: one("kvlistValue", () => ({ 1: many("values", () => KEY_VALUE) })),
  7: one("bytesValue", "base64"),
};

const KEY_VALUE: MessageSchema = {
  1: one("key", "string"),
  2: one("value", () => ANY_VALUE),
};

const RESOURCE: MessageSchema = {
  1: many("attributes", () => KEY_VALUE),
};

const SCOPE: MessageSchema = {
  1: one("name", "string"),
  2: one("version", "string"),
  3: many("attributes", () => KEY_VALUE),
};

const LOG_RECORD: MessageSchema = {
  1: one("timeUnixNano", "fixed64"),
  2: one("severityNumber", "uint32"),
  3: one("severityText", "string"),
  5: one("body", () => ANY_VALUE),
  6: many("attributes", () => KEY_VALUE),
  8: one("flags", "fixed32"),
  9: one("traceId", "hex"),
  10: one("spanId", "hex"),
  11: one("observedTimeUnixNano", "fixed64"),
  12: one("eventName", "string"),
};

const NUMBER_DATA_POINT: MessageSchema = {
  2: one("startTimeUnixNano", "fixed64"),
  3: one("timeUnixNano", "fixed64"),
  4: one("asDouble", "double"),
  6: one("asInt", "sfixed64"),
  7: many("attributes", () => KEY_VALUE),
  8: one("flags", "uint32"),
};

const HISTOGRAM_DATA_POINT: MessageSchema = {
  2: one("startTimeUnixNano", "fixed64"),
  3: one("timeUnixNano", "fixed64"),
  4: one("count", "fixed64"),
  5: one("sum", "double"),
  6: many("bucketCounts", "fixed64"),
  7: many("explicitBounds", "double"),
  9: many("attributes", () => KEY_VALUE),
  10: one("flags", "uint32"),
  11: one("min", "double"),
  12: one("max", "double"),
};

const GAUGE: MessageSchema = { 1: many("dataPoints", () => NUMBER_DATA_POINT) };

const SUM: MessageSchema = {
  1: many("dataPoints", () => NUMBER_DATA_POINT),
  2: one("aggregationTemporality", "uint32"),
  3: one("isMonotonic", "bool"),
};

const HISTOGRAM: MessageSchema = {
  1: many("dataPoints", () => HISTOGRAM_DATA_POINT),
  2: one("aggregationTemporality", "uint32"),
};

const METRIC: MessageSchema = {
  1: one("name", "string"),
  2: one("description", "string"),
  3: one("unit", "string"),
  5: one("gauge", () => GAUGE),
  7: one("sum", () => SUM),
  9: one("histogram", () => HISTOGRAM),
};

const SCOPE_LOGS: MessageSchema = {
  1: one("scope", () => SCOPE),
  2: many("logRecords", () => LOG_RECORD),
  3: one("schemaUrl", "string"),
};

const RESOURCE_LOGS: MessageSchema = {
  1: one("resource", () => RESOURCE),
  2: many("scopeLogs", () => SCOPE_LOGS),
  3: one("schemaUrl", "string"),
};

const SCOPE_METRICS: MessageSchema = {
  1: one("scope", () => SCOPE),
  2: many("metrics", () => METRIC),
  3: one("schemaUrl", "string"),
};

const RESOURCE_METRICS: MessageSchema = {
  1: one("resource", () => RESOURCE),
  2: many("scopeMetrics", () => SCOPE_METRICS),
  3: one("schemaUrl", "string"),
};

const SPAN: MessageSchema = {
  1: one("traceId", "hex"),
  2: one("spanId", "hex"),
  5: one("name", "string"),
  7: one("startTimeUnixNano", "fixed64"),
  8: one("endTimeUnixNano", "fixed64"),
  9: many("attributes", () => KEY_VALUE),
};

const SCOPE_SPANS: MessageSchema = {
  1: one("scope", () => SCOPE),
  2: many("spans", () => SPAN),
  3: one("schemaUrl", "string"),
};

const RESOURCE_SPANS: MessageSchema = {
  1: one("resource", () => RESOURCE),
  2: many("scopeSpans", () => SCOPE_SPANS),
  3: one("schemaUrl", "string"),
};

export const EXPORT_LOGS_SERVICE_REQUEST: MessageSchema = {
  1: many("resourceLogs", () => RESOURCE_LOGS),
};

export const EXPORT_METRICS_SERVICE_REQUEST: MessageSchema = {
  1: many("resourceMetrics", () => RESOURCE_METRICS),
};

export const EXPORT_TRACE_SERVICE_REQUEST: MessageSchema = {
  1: many("resourceSpans", () => RESOURCE_SPANS),
};
