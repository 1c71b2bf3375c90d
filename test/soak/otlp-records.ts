import type { SoakEvent } from "./usage-plan.ts";

export type OtlpAttribute = { readonly key: string; readonly value: string | number };

/** A log record of Claude Code, before it is encoded. */
export type OtlpLog = {
  readonly timeUnixNano: bigint;
  readonly body: string;
  readonly attributes: readonly OtlpAttribute[];
};

export const LOGS_SCOPE = "com.anthropic.claude_code.events";
const METRICS_SCOPE = "com.anthropic.claude_code";

const NANOS_PER_MS = 1_000_000n;

/** What Claude Code sends of a call, or of a commit that its session made. */
export function logOf(event: SoakEvent): OtlpLog {
  const name = event.grain === "link" ? "tool_result" : "api_request";
  return {
    timeUnixNano: BigInt(event.timeMs) * NANOS_PER_MS,
    body: `claude_code.${name}`,
    attributes: attributes({
      "session.id": event.session,
      "user.email": event.subject,
      "event.name": name,
      "event.timestamp": new Date(event.timeMs).toISOString(),
      agent_id: event.agent,
      use_case: event.useCase,
      repository: event.repository,
      ...(event.grain === "link"
        ? {
            tool_parameters: JSON.stringify({
              full_command: "git commit -m secret",
              git_commit_id: event.commit,
            }),
          }
        : callAttributes(event)),
    }),
  };
}

function callAttributes({ model, tokens, reportedCostNanoUsd, requestId }: SoakEvent) {
  return {
    model,
    request_id: requestId,
    input_tokens: tokens.uncachedInput,
    output_tokens: tokens.output,
    cache_read_tokens: tokens.cacheRead,
    cache_creation_tokens: tokens.cacheWrite5m + tokens.cacheWrite1h,
    cache_creation_5m_tokens: tokens.cacheWrite5m,
    cache_creation_1h_tokens: tokens.cacheWrite1h,
    cost_usd_micros:
      reportedCostNanoUsd === undefined ? undefined : Number(reportedCostNanoUsd / 1000n),
  };
}

function attributes(
  values: Readonly<Record<string, string | number | undefined>>,
): readonly OtlpAttribute[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value }],
  );
}

/** The body of `POST /v1/logs` in the JSON encoding. */
export function logsJson(logs: readonly OtlpLog[]): string {
  const logRecords = logs.map(({ timeUnixNano, body, attributes: given }) => ({
    timeUnixNano: String(timeUnixNano),
    observedTimeUnixNano: String(timeUnixNano),
    body: { stringValue: body },
    attributes: given.map(jsonAttribute),
  }));
  const scopeLogs = [{ scope: { name: LOGS_SCOPE }, logRecords }];
  return JSON.stringify({ resourceLogs: [{ resource: { attributes: [] }, scopeLogs }] });
}

const POINT_TYPES: Readonly<Record<string, string>> = {
  uncachedInput: "input",
  output: "output",
  cacheRead: "cacheRead",
  cacheWrite5m: "cacheCreation",
};
const DELTA = 1;

/** The body of `POST /v1/metrics` in the JSON encoding: a delta point for each window. */
export function metricsJson(windows: readonly SoakEvent[]): string {
  const metrics = ["claude_code.token.usage", "claude_code.cost.usage"].map((name) => ({
    name,
    sum: {
      aggregationTemporality: DELTA,
      isMonotonic: true,
      dataPoints: windows
        .filter(
          ({ reportedCostNanoUsd }) =>
            name.includes("cost") === (reportedCostNanoUsd !== undefined),
        )
        .map(dataPoint),
    },
  }));
  return JSON.stringify({
    resourceMetrics: [
      { resource: { attributes: [] }, scopeMetrics: [{ scope: { name: METRICS_SCOPE }, metrics }] },
    ],
  });
}

function dataPoint(event: SoakEvent) {
  const [bucket = "", amount = 0] =
    Object.entries(event.tokens).find(([, count]) => count > 0) ?? [];
  const cost = event.reportedCostNanoUsd;
  const start = BigInt(event.timeMs) * NANOS_PER_MS + BigInt(event.requestId);
  return {
    attributes: attributes({
      "session.id": event.session,
      "user.email": event.subject,
      model: event.model,
      type: POINT_TYPES[bucket],
    }).map(jsonAttribute),
    startTimeUnixNano: String(start),
    timeUnixNano: String(start + 60_000n * NANOS_PER_MS),
    asDouble: cost === undefined ? amount : Number(cost) / 1e9,
  };
}

function jsonAttribute({ key, value }: OtlpAttribute) {
  return { key, value: typeof value === "number" ? { intValue: value } : { stringValue: value } };
}
