import * as z from "zod";
import { EARLIEST_TIME_MS } from "./field-limits.ts";
import { InvalidFieldError } from "./reading.ts";

/** Of the callback's payload, in the words of a row. */
const COLUMNS: ReadonlyMap<string, string> = new Map([
  ["id", "request_id"],
  ["response_cost", "spend"],
]);

const Fields = z.record(z.string(), z.unknown());

/**
 * What LiteLLM stores of a call (table `LiteLLM_SpendLogs`, `GET /spend/logs`), in the words of its callback, so
 * that both say the same of the same call.
 *
 * @throws {InvalidFieldError} if a time is none.
 */
export function payloadOfSpendRow(row: Readonly<Record<string, unknown>>): unknown {
  const metadata = fieldsIn(row["metadata"]);
  return {
    id: row["request_id"],
    trace_id: row["session_id"],
    status: row["status"] || metadata["status"] || "success",
    cache_hit: cacheHitOf(row["cache_hit"]),
    response_cost: numberOf(row["spend"]),
    prompt_tokens: numberOf(row["prompt_tokens"]),
    completion_tokens: numberOf(row["completion_tokens"]),
    total_tokens: numberOf(row["total_tokens"]),
    startTime: secondsOf(row["startTime"], "startTime"),
    endTime: isGiven(row["endTime"]) ? secondsOf(row["endTime"], "endTime") : undefined,
    model: row["model"],
    custom_llm_provider: row["custom_llm_provider"],
    model_map_information: metadata["model_map_information"],
    end_user: row["end_user"],
    metadata: {
      user_api_key_user_email: metadata["user_api_key_user_email"],
      user_api_key_user_id: isGiven(row["user"]) ? row["user"] : metadata["user_api_key_user_id"],
      requester_custom_headers: metadata["requester_custom_headers"],
      usage_object: metadata["usage_object"] ?? metadata["additional_usage_values"],
    },
  };
}

/** The column of a row that a field of the payload comes from. */
export function spendRowColumn(path: string): string {
  return COLUMNS.get(path) ?? path;
}

/** An object, also where it is stored as text. */
function fieldsIn(value: unknown): Readonly<Record<string, unknown>> {
  return Fields.safeParse(typeof value === "string" ? jsonIn(value) : value).data ?? {};
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** A number, also where all is text, as in CSV. What is no number stays, to be found wrong. */
function numberOf(value: unknown): unknown {
  return typeof value === "string" && value.trim() !== "" ? Number(value) : value;
}

/** `True`, `False` or `None`, as Python writes them. */
function cacheHitOf(value: unknown): unknown {
  if (typeof value !== "string") {
    return value;
  }
  const text = value.toLowerCase();
  return text === "none" || text === "" ? null : text === "true";
}

/** Seconds since 1970 of a time as JSON or Postgres write it. Without an offset it is UTC. */
function secondsOf(value: unknown, column: string): number {
  const text = typeof value === "string" ? value.trim().replace(" ", "T") : "";
  const hasOffset = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/i.test(text.slice("2026-11-21".length));
  const timeMs = Date.parse(hasOffset ? text.replace(/([+-]\d{2})$/, "$1:00") : `${text}Z`);
  if (Number.isNaN(timeMs) || timeMs < EARLIEST_TIME_MS) {
    throw new InvalidFieldError(
      column,
      "must be a time after 2020 in UTC, such as 2026-11-21T22:25:12.625Z",
    );
  }
  return timeMs / 1000;
}
