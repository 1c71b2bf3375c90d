import { nanoUsdFromNumber } from "../money/nano-usd.ts";
import type { OtlpMetricPoint } from "../otlp/export-request.ts";
import type { IdentityHash } from "../ports/pseudonyms.ts";
import { CLAUDE_CODE_TOOL, claudeCodeContext, claudeCodeModel } from "./claude-code-identity.ts";
import { type CounterAmount, counterWindow, seriesText } from "./counter-window.ts";
import { MAX_LENGTH, MAX_WINDOW_TOKENS } from "./field-limits.ts";
import { type OtlpFields, otlpFields, usdAmount, wholeNumber } from "./otlp-fields.ts";
import { InvalidFieldError, type Reading, readingOf } from "./reading.ts";
import { NO_TOKENS, type TokenBuckets } from "./usage-event.ts";

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
 */
export function readClaudeCodePoint(point: OtlpMetricPoint, hash: IdentityHash): Reading {
  if (point.metric !== TOKEN_USAGE && point.metric !== COST_USAGE) {
    return { kind: "ignored", name: point.metric };
  }
  return readingOf(() =>
    counterWindow(
      CLAUDE_CODE_TOOL,
      point,
      { text: seriesText(point), hash },
      amountOf(point, otlpFields(point)),
    ),
  );
}

function amountOf(point: OtlpMetricPoint, fields: OtlpFields): CounterAmount {
  return {
    ...claudeCodeContext(fields),
    ...claudeCodeModel(fields),
    ...(point.metric === TOKEN_USAGE
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
