import {
  type Attributes,
  type AttributeValue,
  attributesOf,
  attributeValue,
  doubleValue,
  integerValue,
} from "./attribute.ts";
import {
  type JsonObject,
  type Located,
  listIn,
  nanosIn,
  objectAt,
  objectIn,
  objectsIn,
  textIn,
} from "./located-json.ts";

/** Who made a record: its resource and its instrumentation scope. */
export type Origin = {
  readonly resource: Attributes;
  /** `service.name` of the resource. */
  readonly serviceName: string;
  readonly scopeName: string;
};

/** One record of an OTLP request, of any signal. */
export type OtlpRecord = OtlpLogRecord | OtlpMetricPoint | OtlpSpan;

/** A log record without its body: of a body, only a bare name of an event is ever read. */
export type OtlpLogRecord = SpanContext & {
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

/** A span without its events and links: what was said in it is never read. */
export type OtlpSpan = SpanContext & {
  readonly kind: "span";
  readonly path: string;
  readonly origin: Origin;
  readonly attributes: Attributes;
  /** 0 if not given. */
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
};

/** Ids in lower-case hexadecimal; empty if not given or not valid. */
export type SpanContext = { readonly traceId: string; readonly spanId: string };

/** One data point of a metric. The value of a histogram is its sum. */
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
        ...spanContext(object),
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

/**
 * The spans of an `ExportTraceServiceRequest` in OTLP/JSON.
 *
 * @throws {MalformedExportError} if a list or an object is something else.
 */
export function spansOf(request: unknown): readonly OtlpSpan[] {
  return scopesOf(request, "resourceSpans", "scopeSpans").flatMap(({ origin, scope }) =>
    objectsIn(scope, "spans").map(
      ({ path, object }): OtlpSpan => ({
        kind: "span",
        path,
        origin,
        attributes: attributesIn({ path, object }),
        startTimeUnixNano: nanosIn(object, "startTimeUnixNano"),
        endTimeUnixNano: nanosIn(object, "endTimeUnixNano"),
        ...spanContext(object),
      }),
    ),
  );
}

function spanContext(object: JsonObject): SpanContext {
  return { traceId: idIn(object, "traceId", 32), spanId: idIn(object, "spanId", 16) };
}

/** OTLP/JSON writes ids in hexadecimal. All zeros mean that there is none. */
function idIn(object: JsonObject, name: string, digits: number): string {
  const id = textIn(object, name).toLowerCase();
  return id.length === digits && /^[0-9a-f]+$/.test(id) && /[^0]/.test(id) ? id : "";
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
    ? doubleValue(point["asDouble"] ?? point["sum"])
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
