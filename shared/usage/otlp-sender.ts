import type { Origin, OtlpLogRecord, OtlpMetricPoint } from "../otlp/export-request.ts";
import type { IdentityHash } from "../ports/pseudonyms.ts";
import type { Reading } from "./reading.ts";

/** A tool that sends its usage by OTLP: how its records are known, and what they say. */
export type OtlpSender = {
  /** Name of the tool, in reports and in the source of its keys. */
  readonly tool: string;
  readonly sent: (origin: Origin) => boolean;
  readonly readLogRecord: (record: OtlpLogRecord) => Reading;
  readonly readMetricPoint: (point: OtlpMetricPoint, hash: IdentityHash) => Reading;
};
