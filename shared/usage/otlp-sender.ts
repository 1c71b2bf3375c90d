import type { Origin, OtlpLogRecord, OtlpMetricPoint, OtlpSpan } from "../otlp/export-request.ts";
import type { IdentityHash } from "../ports/pseudonyms.ts";
import type { Reading } from "./reading.ts";

/** What OTLP records say of usage. */
export type OtlpReader = {
  /** Name of the tool, in reports and in the source of its keys. */
  readonly tool: string;
  readonly readLogRecord: (record: OtlpLogRecord) => Reading;
  readonly readMetricPoint: (point: OtlpMetricPoint, hash: IdentityHash) => Reading;
  readonly readSpan: (span: OtlpSpan) => Reading;
};

/** A tool that sends its usage by OTLP, and how its records are known. */
export type OtlpSender = OtlpReader & { readonly sent: (origin: Origin) => boolean };

/** For senders whose logs say all that their metrics say: the same spend again is only counted by name. */
export function ignoredMetric({ metric }: OtlpMetricPoint): Reading {
  return { kind: "ignored", name: metric };
}

/** For senders whose logs say all that their spans say. The names of spans are not repeated: they can be anything. */
export function ignoredSpan(): Reading {
  return { kind: "ignored", name: "span" };
}
