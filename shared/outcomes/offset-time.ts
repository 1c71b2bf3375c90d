import * as z from "zod";
import { EARLIEST_TIME_MS } from "../usage/field-limits.ts";

const DATE_AND_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})? ?(.+)$/;
const OFFSET = /^([+-]\d\d):?(\d\d)$/;

const MESSAGE =
  "must be a time after 2020 with its offset, such as 2026-11-22T00:30:04Z, 2026-11-22T00:30:04.123+0100 or 2026-11-21 22:03:57 UTC";

/**
 * Milliseconds since 1970 of a time as webhooks write it: RFC 3339; with an offset without a colon,
 * as Jira does; or with a space and `UTC`, as GitLab does. A time without an offset is refused, as
 * nobody knows whose it is.
 */
export const OffsetTime = z.string(MESSAGE).transform((text, context) => {
  const timeMs = parsedTime(text);
  if (timeMs === undefined || timeMs < EARLIEST_TIME_MS) {
    context.addIssue({ code: "custom", message: MESSAGE });
    return z.NEVER;
  }
  return timeMs;
});

function parsedTime(text: string): number | undefined {
  const [, date, time, fraction = "", zone = ""] = DATE_AND_TIME.exec(text) ?? [];
  const offset = offsetOf(zone);
  if (date === undefined || offset === undefined) {
    return undefined;
  }
  const utc = Date.parse(`${date}T${time}Z`);
  // The 30th of February is read as the 2nd of March: what is not itself again was no date.
  const isReal = !Number.isNaN(utc) && new Date(utc).toISOString().startsWith(`${date}T${time}`);
  const timeMs = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${offset}`);
  return isReal && !Number.isNaN(timeMs) ? timeMs : undefined;
}

function offsetOf(zone: string): string | undefined {
  if (zone === "Z" || zone === "UTC") {
    return "Z";
  }
  const [, hours, minutes] = OFFSET.exec(zone) ?? [];
  return hours === undefined ? undefined : `${hours}:${minutes}`;
}
