import { canonicalAttributes } from "../otlp/attribute.ts";
import type { OtlpMetricPoint } from "../otlp/export-request.ts";
import type { IdentityHash } from "../ports/pseudonyms.ts";
import { eventTimeMs } from "./otlp-fields.ts";
import { InvalidFieldError, type Reading } from "./reading.ts";
import type { SentUsage } from "./usage-event.ts";

/** What a point of a counter says, apart from where it stands in time and in its series. */
export type CounterAmount = Omit<SentUsage, "id" | "grain" | "timeMs" | "revision">;

/**
 * One point of a counter as a window of spend.
 *
 * - Delta: the growth from start to end. A series has one point for a window, so that series, start
 *   and end are its identity.
 * - Cumulative: all growth since the start, said again at every export. It is a row that each export
 *   restates: the latest counts. A process that starts anew has a new start, and is another row. The
 *   row is booked when it began to count.
 *
 * A cumulative counter that does not say since when is kept aside: whether it began anew in between
 * cannot be told.
 *
 * @param series All that tells the series apart from others: it is hashed, as it may hold anything.
 * @throws {InvalidFieldError} if the point has no time, or does not say what its temporality is.
 */
export function counterWindow(
  source: string,
  point: OtlpMetricPoint,
  series: { readonly text: string; readonly hash: IdentityHash },
  amount: CounterAmount,
): Reading {
  const { metric, path, startTimeUnixNano: start, timeUnixNano: end } = point;
  const row = `${source}:${metric}:${series.hash(series.text)}:${start}`;
  const timeMs = eventTimeMs(`${path}.startTimeUnixNano`, start, end);
  const window = { id: `${row}:${end}`, grain: "window", timeMs, ...amount } as const;
  switch (point.temporality) {
    case "delta":
      return { kind: "accepted", event: window };
    case "cumulative":
      return start > 0n
        ? { kind: "accepted", event: { ...window, ...restatement(row, point) } }
        : {
            kind: "quarantined",
            event: window,
            reason: "cumulative-temporality",
            detail: `${metric} is a cumulative counter that does not say since when: set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta at the sender`,
          };
    case "unspecified":
      throw new InvalidFieldError(path, "must be a point with a stated aggregation temporality");
  }
}

function restatement(of: string, { path, timeUnixNano }: OtlpMetricPoint) {
  const asOfMs = eventTimeMs(`${path}.timeUnixNano`, timeUnixNano);
  return { id: `${of}@${asOfMs}`, revision: { of, asOfMs } };
}

/** The name of a series within its sender: the metric and every attribute of the point. */
export function seriesText({ metric, attributes }: OtlpMetricPoint): string {
  return `${metric} ${canonicalAttributes(attributes)}`;
}
