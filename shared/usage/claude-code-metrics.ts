import { nanoUsdFromNumber } from "../money/nano-usd.ts";
import { canonicalAttributes } from "../otlp/attribute.ts";
import type { OtlpMetricPoint } from "../otlp/export-request.ts";
import type { IdentityHash } from "../ports/pseudonyms.ts";
import { claudeCodeContext, claudeCodeModel } from "./claude-code-identity.ts";
import { MAX_LENGTH, MAX_WINDOW_TOKENS } from "./field-limits.ts";
import { eventTimeMs, type OtlpFields, otlpFields, usdAmount, wholeNumber } from "./otlp-fields.ts";
import { InvalidFieldError, type Reading, readingOf } from "./reading.ts";
import { NO_TOKENS, type SentUsage, type TokenBuckets } from "./usage-event.ts";

const TOKEN_USAGE = "claude_code.token.usage";
const COST_USAGE = "claude_code.cost.usage";

/** Bucket of each value of the attribute `type`. The counter does not tell lifetimes of cache writes apart. */
const BUCKETS: ReadonlyMap<string, keyof TokenBuckets> = new Map([
  ["input", "uncachedInput"],
  ["output", "output"],
  ["cacheRead", "cacheRead"],
  ["cacheCreation", "cacheWrite5m"],
]);

/**
 * Reads one data point of Claude Code's counters (code.claude.com, "Monitoring"): a window of one
 * token bucket, or of the client's own cost estimate. All other metrics are ignored.
 *
 * The identity is a hash of the metric, all its attributes, and the window's start and end: a series
 * has one point for a window.
 */
export function readClaudeCodePoint(point: OtlpMetricPoint, hash: IdentityHash): Reading {
  if (point.metric !== TOKEN_USAGE && point.metric !== COST_USAGE) {
    return { kind: "ignored", name: point.metric };
  }
  return readingOf(() => {
    const event = windowOf(point, hash);
    switch (point.temporality) {
      case "delta":
        return { kind: "accepted", event };
      case "cumulative":
        return {
          kind: "quarantined",
          event,
          reason: "cumulative-temporality",
          detail: `${point.metric} is a cumulative counter: set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta at the sender`,
        };
      case "unspecified":
        throw new InvalidFieldError(
          point.path,
          "must be a point of a sum with a stated aggregation temporality",
        );
    }
  });
}

function windowOf(point: OtlpMetricPoint, hash: IdentityHash): SentUsage {
  const fields = otlpFields(point);
  const { metric, attributes, startTimeUnixNano, timeUnixNano } = point;
  const series = hash(`${metric} ${canonicalAttributes(attributes)}`);
  return {
    id: `claude-code:${metric}:${series}:${startTimeUnixNano}:${timeUnixNano}`,
    grain: "window",
    timeMs: eventTimeMs(`${point.path}.startTimeUnixNano`, startTimeUnixNano, timeUnixNano),
    ...claudeCodeContext(fields),
    ...claudeCodeModel(fields),
    ...(metric === TOKEN_USAGE
      ? { tokens: tokensOf(point, fields) }
      : {
          tokens: NO_TOKENS,
          reportedCostNanoUsd: nanoUsdFromNumber(usdAmount(point.value, valuePath(point))),
        }),
  };
}

function tokensOf(point: OtlpMetricPoint, fields: OtlpFields): TokenBuckets {
  const bucket = BUCKETS.get(fields.text("type", MAX_LENGTH.name));
  if (bucket === undefined) {
    throw new InvalidFieldError(
      `${point.path}.attributes.type`,
      `must be one of ${[...BUCKETS.keys()].join(", ")}`,
    );
  }
  return { ...NO_TOKENS, [bucket]: wholeNumber(point.value, MAX_WINDOW_TOKENS, valuePath(point)) };
}

function valuePath(point: OtlpMetricPoint): string {
  return `${point.path}.value`;
}
