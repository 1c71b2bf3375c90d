import { type JsonLimits, parseBoundedJson } from "./bounded-json.ts";

/** One record of a request body, at its position there. */
export type JsonRecord =
  | { readonly kind: "value"; readonly value: unknown }
  /** A line that is not JSON. The other lines are still good. */
  | { readonly kind: "malformed"; readonly message: string };

export type JsonBatch =
  | { readonly kind: "records"; readonly records: readonly JsonRecord[] }
  /** Not one record can be made out. */
  | { readonly kind: "unreadable"; readonly message: string }
  | { readonly kind: "too-many"; readonly message: string };

export const MAX_RECORDS_PER_REQUEST = 5_000;

const MAX_DEPTH = 32;
const MAX_VALUES_PER_RECORD = 64;
const LINE_LIMITS = { maxDepth: MAX_DEPTH, maxValues: MAX_RECORDS_PER_REQUEST };

/**
 * Splits a request body into records: a JSON array, one JSON object, or one JSON value a line
 * (NDJSON; empty lines are skipped). A bad line spoils only itself; a bad array spoils the request,
 * as nothing tells where its next record starts.
 *
 * @param limits of the body and of each line, for records that are larger than our own.
 */
export function readJsonBatch(
  text: string,
  maxRecords = MAX_RECORDS_PER_REQUEST,
  limits?: JsonLimits,
): JsonBatch {
  const body = text.trim();
  if (body === "") {
    return { kind: "unreadable", message: "the body is empty; send a JSON array or NDJSON" };
  }
  const records = body.startsWith("[")
    ? elementsOf(body, limits ?? limitsFor(maxRecords))
    : linesOf(body, maxRecords, limits);
  if (records === undefined) {
    return { kind: "unreadable", message: "the body is not valid JSON" };
  }
  if (records.length > maxRecords) {
    return { kind: "too-many", message: `must not hold more than ${maxRecords} records` };
  }
  return { kind: "records", records };
}

function limitsFor(maxRecords: number): JsonLimits {
  return { maxDepth: MAX_DEPTH, maxValues: maxRecords * MAX_VALUES_PER_RECORD };
}

function elementsOf(body: string, limits: JsonLimits): readonly JsonRecord[] | undefined {
  const parsed = parseRecord(body, limits);
  return parsed.kind === "value" && Array.isArray(parsed.value)
    ? parsed.value.map((value: unknown) => ({ kind: "value", value }))
    : undefined;
}

/** Stops one past `maxRecords`: a body can hold millions of lines. */
function linesOf(
  body: string,
  maxRecords: number,
  limits: JsonLimits | undefined,
): readonly JsonRecord[] | undefined {
  // An object that is indented over several lines is one record, not many bad lines.
  const whole = parseRecord(body, limits ?? limitsFor(MAX_RECORDS_PER_REQUEST));
  if (whole.kind === "value") {
    return [whole];
  }
  const records: JsonRecord[] = [];
  for (const line of nonEmptyLines(body)) {
    if (records.length > maxRecords) {
      break;
    }
    records.push(parseRecord(line, limits ?? LINE_LIMITS));
  }
  return records.some((record) => record.kind === "value") ? records : undefined;
}

function* nonEmptyLines(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end).trim();
    start = end + 1;
    if (line !== "") {
      yield line;
    }
  }
}

function parseRecord(text: string, limits: JsonLimits): JsonRecord {
  const parsed = parseBoundedJson(text, limits);
  return parsed.kind === "json" ? { kind: "value", value: parsed.value } : parsed;
}
