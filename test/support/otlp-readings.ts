import { logRecordsOf } from "../../shared/otlp/export-request.ts";
import type { OtlpReader } from "../../shared/usage/otlp-sender.ts";
import type { Reading } from "../../shared/usage/reading.ts";
import type { SentUsage } from "../../shared/usage/usage-event.ts";
import { type AnyValueJson, logRecordJson, logsBody } from "./otlp-bodies.ts";

/** Attributes in which `undefined` leaves one out. */
export type Overrides = Readonly<Record<string, string | number | AnyValueJson | undefined>>;

/** Where the attributes of the one record stand in its request. */
export const RECORD_PATH = "resourceLogs[0].scopeLogs[0].logRecords[0]";

/** What a sender's reader makes of one log record. */
export function readRecord(
  { readLogRecord }: OtlpReader,
  attributes: Overrides,
  fields: AnyValueJson = {},
  resource = {},
): Reading {
  const given = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const record = logRecordJson(Object.fromEntries(given), fields);
  const [reading] = logRecordsOf(logsBody([record], { resource })).map(readLogRecord);
  if (reading === undefined) {
    throw new Error("the body holds one record");
  }
  return reading;
}

/** The call in a reading that has to be one. */
export function acceptedIn(reading: Reading): SentUsage {
  if (reading.kind !== "accepted") {
    throw new Error(`expected an accepted call, got ${JSON.stringify(reading)}`);
  }
  return reading.event;
}
