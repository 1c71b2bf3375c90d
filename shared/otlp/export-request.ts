import {
  type Attributes,
  type AttributeValue,
  attributesOf,
  attributeValue,
  doubleValue,
  integerValue,
} from "./attribute.ts";

/** Who made a record: its resource and its instrumentation scope. */
export type Origin = {
  readonly resource: Attributes;
  /** `service.name` of the resource. */
  readonly serviceName: string;
  readonly scopeName: string;
};

/** A log record without its body: of a body, only a bare name of an event is ever read. */
export type OtlpLogRecord = {
  readonly kind: "log";
  /** Where it stands in the request, such as `resourceLogs[0].scopeLogs[0].logRecords[3]`. */
  readonly path: string;
  readonly origin: Origin;
  readonly attributes: Attributes;
  readonly eventName: string;
  /**
   * The body if it is one identifier in lower case, such as `api_request`: some senders put the
   * event's name there. Empty otherwise. It is for comparing with known names, never for keeping: a
   * body can be a message of one word.
   */
  readonly bodyName: string;
  /** 0 if not given. */
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
};

/** One data point of a metric. Points of gauges and histograms have no `value`. */
export type OtlpMetricPoint = {
  readonly kind: "point";
  readonly path: string;
  readonly origin: Origin;
  readonly attributes: Attributes;
  readonly metric: string;
  readonly type: "sum" | "gauge" | "histogram";
  readonly temporality: "delta" | "cumulative" | "unspecified";
  /** 0 if not given. */
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  readonly value: AttributeValue;
};

/** Thrown where a request is not shaped like an export request. */
export class MalformedExportError extends Error {
  override readonly name = "MalformedExportError";
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path === "" ? "the request" : path} ${problem}`);
    this.path = path;
  }
}

type JsonObject = Readonly<Record<string, unknown>>;
type Located = { readonly path: string; readonly object: JsonObject };

/**
 * The records of an `ExportLogsServiceRequest` in OTLP/JSON, each with its own resource and scope: a
 * collector puts many senders into one request. Unknown fields are ignored.
 *
 * @throws {MalformedExportError} if a list or an object is something else.
 */
export function logRecordsOf(request: unknown): readonly OtlpLogRecord[] {
  return scopesOf(request, "resourceLogs", "scopeLogs").flatMap(({ origin, scope }) =>
    objectsIn(scope, "logRecords").map(
      ({ path, object }): OtlpLogRecord => ({
        kind: "log",
        path,
        origin,
        attributes: attributesIn({ path, object }),
        eventName: textIn(object, "eventName"),
        bodyName: bareName(object["body"]),
        timeUnixNano: nanosIn(object, "timeUnixNano"),
        observedTimeUnixNano: nanosIn(object, "observedTimeUnixNano"),
      }),
    ),
  );
}

/**
 * The data points of an `ExportMetricsServiceRequest` in OTLP/JSON.
 *
 * @throws {MalformedExportError} if a list or an object is something else.
 */
export function metricPointsOf(request: unknown): readonly OtlpMetricPoint[] {
  return scopesOf(request, "resourceMetrics", "scopeMetrics").flatMap(({ origin, scope }) =>
    objectsIn(scope, "metrics").flatMap((metric) => pointsOfMetric(metric, origin)),
  );
}

const BARE_NAME = /^[a-z][a-z0-9_.]{0,63}$/;

function bareName(body: unknown): string {
  const value = attributeValue(body);
  return typeof value === "string" && BARE_NAME.test(value) ? value : "";
}

const METRIC_TYPES = ["sum", "gauge", "histogram"] as const;

function pointsOfMetric(metric: Located, origin: Origin): readonly OtlpMetricPoint[] {
  return METRIC_TYPES.flatMap((type) => {
    const data = objectIn(metric, type);
    return objectsIn(data, "dataPoints").map((point) => ({
      kind: "point" as const,
      path: point.path,
      origin,
      attributes: attributesIn(point),
      metric: textIn(metric.object, "name"),
      type,
      temporality: temporalityOf(data.object["aggregationTemporality"]),
      startTimeUnixNano: nanosIn(point.object, "startTimeUnixNano"),
      timeUnixNano: nanosIn(point.object, "timeUnixNano"),
      value: pointValue(point.object),
    }));
  });
}

/** Enums are integers in OTLP/JSON; their names, which the common JSON mapping has, are taken too. */
function temporalityOf(value: unknown): OtlpMetricPoint["temporality"] {
  if (value === 1 || value === "AGGREGATION_TEMPORALITY_DELTA") {
    return "delta";
  }
  return value === 2 || value === "AGGREGATION_TEMPORALITY_CUMULATIVE"
    ? "cumulative"
    : "unspecified";
}

function pointValue(point: JsonObject): AttributeValue {
  return point["asInt"] === undefined
    ? doubleValue(point["asDouble"])
    : integerValue(point["asInt"]);
}

function scopesOf(request: unknown, resources: string, scopes: string) {
  return objectsIn({ path: "", object: objectAt(request, "") }, resources).flatMap((entry) => {
    const resource = attributesIn(objectIn(entry, "resource"));
    const serviceName = resource.get("service.name");
    return objectsIn(entry, scopes).map((scope) => ({
      scope,
      origin: {
        resource,
        serviceName: typeof serviceName === "string" ? serviceName : "",
        scopeName: textIn(objectIn(scope, "scope").object, "name"),
      },
    }));
  });
}

function attributesIn(parent: Located): Attributes {
  return attributesOf(listIn(parent, "attributes"));
}

function objectsIn(parent: Located, name: string): readonly Located[] {
  const path = pathOf(parent, name);
  return listIn(parent, name).map((item, index) => ({
    path: `${path}[${index}]`,
    object: objectAt(item, `${path}[${index}]`),
  }));
}

function objectIn(parent: Located, name: string): Located {
  const path = pathOf(parent, name);
  return { path, object: objectAt(parent.object[name] ?? {}, path) };
}

function listIn(parent: Located, name: string): readonly unknown[] {
  const list = parent.object[name] ?? [];
  if (!Array.isArray(list)) {
    throw new MalformedExportError(pathOf(parent, name), "must be an array");
  }
  return list;
}

function objectAt(value: unknown, path: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedExportError(path, "must be an object");
  }
  return value as JsonObject;
}

function pathOf(parent: Located, name: string): string {
  return parent.path === "" ? name : `${parent.path}.${name}`;
}

function textIn(object: JsonObject, name: string): string {
  const text = object[name];
  return typeof text === "string" ? text : "";
}

/**
 * Nanoseconds since 1970: past 2^53, and so read as `bigint`. A JSON number has lost its last digits,
 * so it is rounded to the microsecond. What is no such number counts as not given.
 */
function nanosIn(object: JsonObject, name: string): bigint {
  const value = object[name];
  if (typeof value === "number") {
    return Number.isInteger(value) && value > 0 ? BigInt(Math.round(value / 1000)) * 1000n : 0n;
  }
  return typeof value === "string" && /^\d{1,20}$/.test(value) ? BigInt(value) : 0n;
}
