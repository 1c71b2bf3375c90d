import type { OtlpLogRecord } from "../otlp/export-request.ts";
import { eventTimeMs } from "./otlp-fields.ts";

/** The name of an event: the attribute `event.name`, or else the record's own, as newer exporters send it. */
export function otlpEventName({ attributes, eventName }: OtlpLogRecord): string {
  const name = attributes.get("event.name");
  return typeof name === "string" ? name : eventName;
}

/**
 * When an event happened, in milliseconds since 1970. `event.timestamp` is the event's own; the
 * observed time may be a collector's.
 *
 * @throws {InvalidFieldError} if no time is given, or it is before any model call.
 */
export function otlpEventTimeMs(record: OtlpLogRecord): number {
  const timestamp = record.attributes.get("event.timestamp");
  const stated = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  return eventTimeMs(
    `${record.path}.timeUnixNano`,
    record.timeUnixNano,
    Number.isNaN(stated) ? 0n : BigInt(stated) * 1_000_000n,
    record.observedTimeUnixNano,
  );
}
