import type { Attributes, AttributeValue } from "../otlp/attribute.ts";
import type { OtlpRecord } from "../otlp/export-request.ts";
import { EARLIEST_TIME_MS, isPlainText, MAX_COST_USD } from "./field-limits.ts";
import { InvalidFieldError } from "./reading.ts";

/** The attributes of a record, checked as they are read. What is not asked for by name is never read. */
export type OtlpFields = {
  /** A text that must be there. */
  readonly text: (name: string, maxLength: number) => string;
  /** A text that may be missing, but must be readable if it is there. */
  readonly textIfGiven: (name: string, maxLength: number) => string | undefined;
  /** The first of these, of the record or else of its resource, that is readable. An id may be a number. */
  readonly label: (names: readonly string[], maxLength: number) => string | undefined;
  /** A whole number from 0 to `max`, or `undefined` if missing. Its decimal text counts as the number. */
  readonly count: (name: string, max: number) => number | undefined;
  /** A count that must be there. */
  readonly requiredCount: (name: string, max: number) => number;
  /** A number as it was sent, or `undefined` if missing; its text, or anything else, is `NaN`. */
  readonly number: (name: string) => number | undefined;
  /** An amount in USD, not negative, or `undefined` if missing. */
  readonly usd: (name: string) => number | undefined;
  /** Where an attribute stands in the request, for errors. */
  readonly pathOf: (name: string) => string;
};

const DECIMAL = /^\d{1,16}$/;

export function otlpFields(record: Pick<OtlpRecord, "path" | "attributes" | "origin">): OtlpFields {
  const pathOf = (name: string) => `${record.path}.attributes.${name}`;
  const given = (name: string) => record.attributes.get(name) ?? undefined;
  const textIfGiven = (name: string, maxLength: number) => {
    const value = given(name);
    return value === undefined || value === ""
      ? undefined
      : readableText(value, maxLength, pathOf(name));
  };
  const count = (name: string, max: number) => {
    const value = given(name);
    return value === undefined ? undefined : wholeNumber(numberIn(value), max, pathOf(name));
  };
  const mustBeGiven = (name: string) => new InvalidFieldError(pathOf(name), "must be given");
  return {
    pathOf,
    textIfGiven,
    count,
    requiredCount: (name, max) => {
      const value = count(name, max);
      if (value === undefined) {
        throw mustBeGiven(name);
      }
      return value;
    },
    text: (name, maxLength) => {
      const value = textIfGiven(name, maxLength);
      if (value === undefined) {
        throw mustBeGiven(name);
      }
      return value;
    },
    label: (names, maxLength) =>
      firstLabel([record.attributes, record.origin.resource], names, maxLength),
    number: (name) => {
      const value = given(name);
      return typeof value === "number" || value === undefined ? value : Number.NaN;
    },
    usd: (name) => {
      const value = given(name);
      return value === undefined ? undefined : usdAmount(value, pathOf(name));
    },
  };
}

/** @throws {InvalidFieldError} unless the value is a whole number from 0 to `max`. */
export function wholeNumber(value: AttributeValue, max: number, path: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max) {
    return value;
  }
  throw new InvalidFieldError(
    path,
    `must be a whole number from 0 to ${max}, got ${kindOf(value)}`,
  );
}

/** @throws {InvalidFieldError} unless the value is a number from 0 to {@link MAX_COST_USD}. */
export function usdAmount(value: AttributeValue, path: string): number {
  if (typeof value === "number" && value >= 0 && value <= MAX_COST_USD) {
    return value;
  }
  throw new InvalidFieldError(
    path,
    `must be an amount from 0 to ${MAX_COST_USD}, got ${kindOf(value)}`,
  );
}

/**
 * The first time that is given, in milliseconds since 1970.
 *
 * Never the time of arrival: it differs when the same record is sent again, and then the record
 * would be booked twice.
 *
 * @throws {InvalidFieldError} if none is given, or it is before any model call.
 */
export function eventTimeMs(path: string, ...candidates: readonly bigint[]): number {
  const nanos = candidates.find((candidate) => candidate > 0n) ?? 0n;
  const timeMs = Number(nanos / 1_000_000n);
  if (timeMs < EARLIEST_TIME_MS || timeMs > LATEST_TIME_MS) {
    throw new InvalidFieldError(path, "must be nanoseconds since 1970, and after 2020");
  }
  return timeMs;
}

/** The last day that a calendar date of four digits can name. */
const LATEST_TIME_MS = Date.UTC(9999, 11, 31);

/** Some senders write whole numbers as text. */
function numberIn(value: AttributeValue): AttributeValue {
  return typeof value === "string" && DECIMAL.test(value) ? Number(value) : value;
}

function firstLabel(
  sources: readonly Attributes[],
  names: readonly string[],
  maxLength: number,
): string | undefined {
  for (const name of names) {
    for (const source of sources) {
      const value = source.get(name);
      const text = typeof value === "string" || Number.isInteger(value) ? `${value}`.trim() : "";
      if (isPlainText(text, maxLength)) {
        return text;
      }
    }
  }
  return undefined;
}

function readableText(value: AttributeValue, maxLength: number, path: string): string {
  if (typeof value === "string" && isPlainText(value, maxLength)) {
    return value;
  }
  throw new InvalidFieldError(
    path,
    `must be a text of 1 to ${maxLength} characters without control characters`,
  );
}

/** Says what came without repeating a text, which may be anything. */
function kindOf(value: AttributeValue): string {
  if (typeof value === "number" || typeof value === "bigint") {
    return String(value);
  }
  return typeof value === "string" ? "a text" : "something else";
}
