import type { OtlpRecord } from "../otlp/export-request.ts";
import type { IdentityHash } from "../ports/pseudonyms.ts";
import type { OtlpReader } from "./otlp-sender.ts";
import { otlpReaderOf } from "./otlp-senders.ts";
import type { ParsedBatch } from "./parsed-batch.ts";
import { batchOf, heldBackIfInFuture, type Reading } from "./reading.ts";
import { notPermitted } from "./sender-permission.ts";
import type { SentUsage } from "./usage-event.ts";

export type OtlpReadingContext = {
  readonly nowMs: number;
  readonly hash: IdentityHash;
  /** Whether the sender's key may send usage of this tool. */
  readonly maySend: (tool: string) => boolean;
};

/**
 * The usage in the records of one OTLP request. Records of unknown senders, and records that hold
 * no usage, are ignored and counted.
 */
export function usageFromOtlp(
  records: readonly OtlpRecord[],
  context: OtlpReadingContext,
): ParsedBatch<SentUsage> {
  return batchOf(
    records.map((record) => heldBackIfInFuture(readRecord(record, context), context.nowMs)),
  );
}

function readRecord(record: OtlpRecord, { hash, maySend }: OtlpReadingContext): Reading {
  const reader = otlpReaderOf(record.origin);
  const reading = readBy(reader, record, hash);
  return maySend(reader.tool) ? reading : notPermitted(reading, record.path);
}

function readBy(reader: OtlpReader, record: OtlpRecord, hash: IdentityHash): Reading {
  switch (record.kind) {
    case "log":
      return reader.readLogRecord(record);
    case "point":
      return reader.readMetricPoint(record, hash);
    case "span":
      return reader.readSpan(record);
  }
}
