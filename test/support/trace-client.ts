import { context, SpanKind, trace } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { type Encoding, exported, exporterOptions, type Receiver } from "./telemetry-client.ts";

/** What an agent and its calls say of themselves: 123 uncached and 20,000 + 1,000 cached tokens in, 456 out. */
const CALL = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.request.model": "claude-sonnet-4-5",
  "gen_ai.usage.input_tokens": 21_123,
  "gen_ai.usage.output_tokens": 456,
  "gen_ai.usage.cache_read.input_tokens": 20_000,
  "gen_ai.usage.cache_creation.input_tokens": 1000,
  "gen_ai.input.messages": "canary: what the customer wrote",
};

/**
 * The trace of an agent that calls a model so often, made by the OpenTelemetry SDK: half of the
 * calls name their response. The agent's own span sums them up.
 */
export async function agentRun(calls: number): Promise<readonly ReadableSpan[]> {
  const memory = new InMemorySpanExporter();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.name": "refund-bot",
      "enduser.id": "service:refund-bot",
    }),
    spanProcessors: [new SimpleSpanProcessor({ exporter: memory })],
  });
  const tracer = provider.getTracer("example-instrumentation", "1.0.0");
  const start = Date.UTC(2026, 9, 5, 9, 0, 0);
  const agent = tracer.startSpan("invoke_agent refunds", {
    startTime: start,
    attributes: { ...CALL, "gen_ai.operation.name": "invoke_agent" },
  });
  agent.setAttribute("gen_ai.usage.input_tokens", calls * 21_123);
  agent.setAttribute("gen_ai.usage.output_tokens", calls * 456);
  const within = trace.setSpan(context.active(), agent);
  for (let n = 0; n < calls; n++) {
    const at = start + n * 7000;
    const span = tracer.startSpan(
      "chat claude-sonnet-4-5",
      { startTime: at, kind: SpanKind.CLIENT, attributes: CALL },
      within,
    );
    if (n % 2 === 0) {
      span.setAttribute("gen_ai.response.id", `msg_span_${n}`);
    }
    span.addEvent("gen_ai.content.completion", { "gen_ai.completion": "canary: what it said" });
    span.end(at + 5000);
  }
  agent.end(start + calls * 7000);
  await provider.forceFlush();
  return memory.getFinishedSpans();
}

/** Sends spans with the SDK's own OTLP exporter, and throws if the receiver refuses them. */
export function exportSpans(
  receiver: Receiver,
  encoding: Encoding,
  spans: readonly ReadableSpan[],
): Promise<void> {
  const Exporter = encoding.startsWith("json") ? JsonTraceExporter : ProtobufTraceExporter;
  const exporter = new Exporter(exporterOptions(receiver, encoding, "/v1/traces"));
  return exported((done) => exporter.export([...spans], done));
}
