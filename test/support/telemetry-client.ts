import { OTLPLogExporter as JsonLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import {
  AggregationTemporalityPreference,
  OTLPMetricExporter as JsonMetricExporter,
} from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtobufMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { CompressionAlgorithm } from "@opentelemetry/otlp-exporter-base";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";

/** How a client is set up to send: the three ways that senders do. */
export const ENCODINGS = ["json", "protobuf", "json+gzip", "protobuf+gzip"] as const;
export type Encoding = (typeof ENCODINGS)[number];

export type Receiver = { readonly url: string; readonly senderKey: string };

const resource = resourceFromAttributes({
  "service.name": "claude-code",
  "service.version": "2.1.330",
  "enduser.id": "user-017@example.com",
});

/** API requests as Claude Code logs them, made by the OpenTelemetry SDK. */
export async function loggedRequests(count: number): Promise<readonly ReadableLogRecord[]> {
  const memory = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter: memory })],
  });
  const logger = provider.getLogger("com.anthropic.claude_code.events", "2.1.330");
  for (let n = 0; n < count; n++) {
    const time = new Date(Date.UTC(2026, 9, 5, 9, 0, n * 7));
    logger.emit({
      timestamp: time,
      observedTimestamp: time,
      body: "claude_code.api_request",
      attributes: {
        "event.name": "api_request",
        "event.timestamp": time.toISOString(),
        "event.sequence": n,
        "session.id": "9d0bbe99-d739-49a1-8651-3907cc2ba04b",
        model: "claude-sonnet-4-5",
        input_tokens: 123,
        output_tokens: 456,
        cache_read_tokens: 20_000,
        cache_creation_tokens: 1000,
        cost_usd: 0.016959000000000002,
        cost_usd_micros: 16_959,
        request_id: `req_sdk_${n}`,
      },
    });
  }
  await provider.forceFlush();
  return memory.getFinishedLogRecords();
}

/** Sends log records with the SDK's own OTLP exporter, and throws if the receiver refuses them. */
export function exportLogs(
  receiver: Receiver,
  encoding: Encoding,
  records: readonly ReadableLogRecord[],
): Promise<void> {
  const Exporter = encoding.startsWith("json") ? JsonLogExporter : ProtobufLogExporter;
  const exporter = new Exporter(exporterOptions(receiver, encoding, "/v1/logs"));
  return exported((done) => exporter.export([...records], done));
}

/** A window of Claude Code's counters, collected by the OpenTelemetry SDK. */
export async function collectedMetrics(): Promise<ResourceMetrics> {
  const memory = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({
    exporter: memory,
    exportIntervalMillis: 60_000,
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const meter = provider.getMeter("com.anthropic.claude_code", "2.1.330");
  const common = { "session.id": "metrics-only", model: "claude-sonnet-4-5", query_source: "main" };
  const tokens = meter.createCounter("claude_code.token.usage", { unit: "tokens" });
  tokens.add(123, { ...common, type: "input" });
  tokens.add(456, { ...common, type: "output" });
  tokens.add(20_000, { ...common, type: "cacheRead" });
  tokens.add(1000, { ...common, type: "cacheCreation" });
  meter.createCounter("claude_code.cost.usage", { unit: "USD" }).add(0.016959, common);
  await reader.forceFlush();
  const [metrics] = memory.getMetrics();
  await provider.shutdown();
  if (metrics === undefined) {
    throw new Error("the SDK collected no metrics");
  }
  return metrics;
}

/**
 * Exports of one run of Claude Code's counters, as the OpenTelemetry SDK collects them when it is set
 * to cumulative: each says all that the ones before said, and as much again.
 */
export async function cumulativeExports(count: number): Promise<readonly ResourceMetrics[]> {
  const memory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: memory,
    exportIntervalMillis: 60_000,
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const meter = provider.getMeter("com.anthropic.claude_code", "2.1.330");
  const common = { "session.id": "cumulative", model: "claude-sonnet-4-5", query_source: "main" };
  const tokens = meter.createCounter("claude_code.token.usage", { unit: "tokens" });
  const cost = meter.createCounter("claude_code.cost.usage", { unit: "USD" });
  for (let n = 0; n < count; n++) {
    tokens.add(123, { ...common, type: "input" });
    tokens.add(456, { ...common, type: "output" });
    tokens.add(20_000, { ...common, type: "cacheRead" });
    tokens.add(1000, { ...common, type: "cacheCreation" });
    cost.add(0.016959, common);
    await reader.forceFlush();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const exports = memory.getMetrics();
  await provider.shutdown();
  return exports.slice(0, count);
}

/** Sends metrics with the SDK's own OTLP exporter, and throws if the receiver refuses them. */
export function exportMetrics(
  receiver: Receiver,
  encoding: Encoding,
  metrics: ResourceMetrics,
): Promise<void> {
  const Exporter = encoding.startsWith("json") ? JsonMetricExporter : ProtobufMetricExporter;
  const exporter = new Exporter({
    ...exporterOptions(receiver, encoding, "/v1/metrics"),
    temporalityPreference: AggregationTemporalityPreference.DELTA,
  });
  return exported((done) => exporter.export(metrics, done));
}

export function exporterOptions({ url, senderKey }: Receiver, encoding: Encoding, path: string) {
  return {
    url: `${url}${path}`,
    headers: { authorization: `Bearer ${senderKey}` },
    ...(encoding.endsWith("+gzip") ? { compression: CompressionAlgorithm.GZIP } : {}),
  };
}

export function exported(
  start: (done: (result: { code: number; error?: Error }) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    start(({ code, error }) => {
      if (code === 0) {
        resolve();
      } else {
        reject(error ?? new Error(`export failed with code ${code}`));
      }
    });
  });
}
