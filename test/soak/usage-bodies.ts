import { logsProtobuf } from "./otlp-protobuf.ts";
import { LOGS_SCOPE, logOf, logsJson, metricsJson } from "./otlp-records.ts";
import type { SoakEvent, SoakFormat } from "./usage-plan.ts";

/** A request as a sender puts it on the wire. */
export type WireBody = {
  readonly routeKey: string;
  readonly contentType: string;
  readonly body: string | Uint8Array;
};

/** Puts events, and records that are no use or that come from a wrong clock, into a body. */
export function wireBody(format: SoakFormat, events: readonly SoakEvent[]): WireBody {
  switch (format) {
    case "otlp-json":
      return otlp("/v1/logs", "application/json", logsJson(events.map(logOf)));
    case "otlp-protobuf":
      return otlp(
        "/v1/logs",
        "application/x-protobuf",
        logsProtobuf(LOGS_SCOPE, events.map(logOf)),
      );
    case "otlp-metrics":
      return otlp("/v1/metrics", "application/json", metricsJson(events));
    case "usage-json":
      return otlp("/v1/usage", "application/json", JSON.stringify(events.map(itemOf)));
    case "ndjson":
      return otlp(
        "/v1/usage",
        "application/x-ndjson",
        events.map((event) => JSON.stringify(itemOf(event))).join("\n"),
      );
  }
}

function otlp(path: string, contentType: string, body: string | Uint8Array): WireBody {
  return { routeKey: `POST ${path}`, contentType, body };
}

/** An event in our own wire format (docs/api.md). */
function itemOf({ requestId, tokens, reportedCostNanoUsd, ...event }: SoakEvent) {
  const { uncachedInput, ...rest } = tokens;
  return {
    id: requestId,
    time: new Date(event.timeMs).toISOString(),
    user: event.subject,
    session: event.session,
    agent: event.agent,
    tool: event.tool,
    provider: event.provider,
    model: event.model,
    tokens: { input: uncachedInput, ...rest },
    reportedCost:
      reportedCostNanoUsd === undefined
        ? undefined
        : { amount: decimalUsd(reportedCostNanoUsd), currency: "USD" },
    useCase: event.useCase,
    repository: event.repository,
    fingerprint: event.fingerprint,
  };
}

function decimalUsd(nanoUsd: bigint): string {
  const digits = nanoUsd.toString().padStart(10, "0");
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
