import { nanoUsdFromNumber } from "../money/nano-usd.ts";
import { canonicalAttributes } from "../otlp/attribute.ts";
import type { OtlpMetricPoint } from "../otlp/export-request.ts";
import type { IdentityHash } from "../ports/pseudonyms.ts";
import { type CounterAmount, counterWindow, seriesText } from "./counter-window.ts";
import { CURSOR_TOOL, cursorModel, cursorSubject, isUnbilled } from "./cursor-identity.ts";
import { MAX_LENGTH, MAX_WINDOW_TOKENS } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import { type OtlpFields, otlpFields, usdAmount, wholeNumber } from "./otlp-fields.ts";
import { workLabels } from "./otlp-labels.ts";
import { InvalidFieldError, type Reading, readingOf } from "./reading.ts";
import { NO_TOKENS, type TokenBuckets } from "./usage-event.ts";

const TOKEN_USAGE = "cursor.token.usage";
const COST_USAGE = "cursor.cost.usage";

/** Bucket of each value of `cursor.token.type`. */
const BUCKETS: ReadonlyMap<string, keyof TokenBuckets> = new Map([
  ["input", "uncachedInput"],
  ["output", "output"],
  ["cache_read", "cacheRead"],
  ["cache_creation", "cacheWrite5m"],
]);

/**
 * Reads one point of Cursor's metrics: a window of one token bucket, or of Cursor's own estimate of
 * the cost.
 *
 * A fallback, as Cursor sends metrics at most once: they count only on days on which no log of the
 * same person came. What Cursor says it does not bill is ignored.
 */
export function readCursorPoint(point: OtlpMetricPoint, hash: IdentityHash): Reading {
  const isSpend = point.metric === TOKEN_USAGE || point.metric === COST_USAGE;
  if (!isSpend || isUnbilled(point)) {
    return { kind: "ignored", name: point.metric };
  }
  const { resource } = point.origin;
  // The person stands in the resource.
  const series = { text: `${seriesText(point)} ${canonicalAttributes(resource)}`, hash };
  return readingOf(() =>
    counterWindow(CURSOR_TOOL, point, series, amountOf(point, otlpFields(point))),
  );
}

function amountOf(point: OtlpMetricPoint, fields: OtlpFields): CounterAmount {
  return {
    session: "-",
    tool: CURSOR_TOOL,
    provider: CURSOR_TOOL,
    model: cursorModel(fields),
    ...quantityOf(point, fields),
    ...givenFields({ subject: cursorSubject(fields), ...workLabels(fields) }),
  };
}

function quantityOf({ metric, path, value }: OtlpMetricPoint, fields: OtlpFields) {
  const valuePath = `${path}.value`;
  if (metric === COST_USAGE) {
    return {
      tokens: NO_TOKENS,
      reportedCostNanoUsd: nanoUsdFromNumber(usdAmount(value, valuePath)),
    };
  }
  const bucket = BUCKETS.get(fields.text("cursor.token.type", MAX_LENGTH.name));
  if (bucket === undefined) {
    throw new InvalidFieldError(
      fields.pathOf("cursor.token.type"),
      `must be one of ${[...BUCKETS.keys()].join(", ")}`,
    );
  }
  return { tokens: { ...NO_TOKENS, [bucket]: wholeNumber(value, MAX_WINDOW_TOKENS, valuePath) } };
}
