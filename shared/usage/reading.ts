import { CLOCK_IN_FUTURE_DETAIL, isClockInFuture } from "../wire/clock-skew.ts";
import type { ParsedBatch, Quarantined, QuarantineReason, Rejected } from "./parsed-batch.ts";
import type { SentUsage } from "./usage-event.ts";

/** What one record of a request turns out to be. */
export type Reading =
  | { readonly kind: "accepted"; readonly event: SentUsage }
  | {
      readonly kind: "quarantined";
      readonly event: SentUsage;
      readonly reason: QuarantineReason;
      readonly detail: string;
    }
  | { readonly kind: "rejected"; readonly path: string; readonly message: string }
  /** Carries no usage. `name` is for counting only. */
  | { readonly kind: "ignored"; readonly name: string };

/** Thrown where a field is not what it has to be. The message never quotes a text that was sent. */
export class InvalidFieldError extends Error {
  override readonly name = "InvalidFieldError";
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** Rejects the record if `read` meets a field that is not what it has to be. */
export function readingOf(read: () => Reading): Reading {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidFieldError) {
      return { kind: "rejected", path: error.path, message: error.message };
    }
    throw error;
  }
}

/**
 * Holds back an event whose time is ahead of our clock: it would be booked into a day, or a month,
 * that is not its own.
 */
export function heldBackIfInFuture(reading: Reading, nowMs: number): Reading {
  return reading.kind === "accepted" && isClockInFuture(reading.event.timeMs, nowMs)
    ? {
        kind: "quarantined",
        event: reading.event,
        reason: "clock-in-future",
        detail: CLOCK_IN_FUTURE_DETAIL,
      }
    : reading;
}

const COUNTABLE_NAME = /^[\w.:-]{1,64}$/;
const MAX_NAMES = 50;

/** Sorts readings into a batch; the index of a record is its position. */
export function batchOf(readings: Iterable<Reading>): ParsedBatch<SentUsage> {
  const accepted: SentUsage[] = [];
  const quarantined: Quarantined<SentUsage>[] = [];
  const rejected: Rejected[] = [];
  const ignored = new Map<string, number>();
  let index = 0;
  for (const reading of readings) {
    if (reading.kind === "accepted") {
      accepted.push(reading.event);
    } else if (reading.kind === "quarantined") {
      const { event, reason, detail } = reading;
      quarantined.push({ event, reason, detail, index });
    } else if (reading.kind === "rejected") {
      rejected.push({ index, path: reading.path, message: reading.message });
    } else {
      countName(ignored, reading.name);
    }
    index += 1;
  }
  return { accepted, quarantined, rejected, ignored };
}

/** Names come from outside: strange ones, and ones past the fiftieth, are counted together. */
export function countName(counts: Map<string, number>, name: string): void {
  const known = COUNTABLE_NAME.test(name) && (counts.has(name) || counts.size < MAX_NAMES);
  const key = known ? name : "other";
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
