import { DAY_MS, dayOf } from "../ledger/calendar.ts";
import type { OtlpMetricPoint } from "../otlp/export-request.ts";
import { MAX_LENGTH } from "./field-limits.ts";
import { creditMillionths, isKiroDay, type KiroAmount, kiroDayRow } from "./kiro-day.ts";
import { eventTimeMs, type OtlpFields, otlpFields } from "./otlp-fields.ts";
import { InvalidFieldError, type Reading, readingOf } from "./reading.ts";

/** The metrics that are money. Messages and conversations are counted by name. */
const AMOUNTS: ReadonlyMap<string, KiroAmount> = new Map([
  ["kiro.daily.credits", "used"],
  ["kiro.daily.overage_credits", "overage"],
]);

/**
 * Reads one data point of Kiro's daily metrics: one amount of one client of one person on one day.
 *
 * Whatever the metric says of its temporality, the point is the day's own value, and is never added
 * to what came before.
 */
export function readKiroPoint(point: OtlpMetricPoint): Reading {
  const amount = AMOUNTS.get(point.metric);
  return amount === undefined
    ? { kind: "ignored", name: point.metric }
    : readingOf(() => ({ kind: "accepted", event: dayRow(point, amount) }));
}

function dayRow(point: OtlpMetricPoint, amount: KiroAmount) {
  const fields = otlpFields(point);
  const row = {
    day: dayOfPoint(point, fields),
    userId: fields.text("kiro.user.id", MAX_LENGTH.name),
    clientType: fields.text("kiro.client.type", MAX_LENGTH.name).toUpperCase(),
    asOfMs: eventTimeMs(`${point.path}.timeUnixNano`, point.timeUnixNano),
  };
  return kiroDayRow(row, amount, millionthsOf(point));
}

/** The attribute `date`; without it, the day whose midnight the point starts at. */
function dayOfPoint({ path, startTimeUnixNano }: OtlpMetricPoint, fields: OtlpFields): string {
  const date = fields.textIfGiven("date", MAX_LENGTH.name);
  const startMs = Number(startTimeUnixNano / 1_000_000n);
  const day = date ?? (startMs % DAY_MS === 0 ? dayOf(startMs) : "");
  if (!isKiroDay(day)) {
    throw new InvalidFieldError(
      `${path}.attributes.date`,
      "must be the day in UTC, as YYYY-MM-DD after 2020",
    );
  }
  return day;
}

function millionthsOf({ path, value }: OtlpMetricPoint): number {
  const millionths = typeof value === "number" ? creditMillionths(value) : undefined;
  if (millionths === undefined) {
    throw new InvalidFieldError(`${path}.value`, "must be an amount of credits, not negative");
  }
  return millionths;
}
