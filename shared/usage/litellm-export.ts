import * as z from "zod";
import { type CsvRow, csvLines } from "../wire/csv-lines.ts";
import { parseDropJson } from "./drop-json.ts";
import { readLitellmPayload } from "./litellm.ts";
import { payloadOfSpendRow, spendRowColumn } from "./litellm-spend-row.ts";
import { heldBackIfInFuture, type Reading, readingOf } from "./reading.ts";
import {
  type DropSelection,
  RefusedFileError,
  type UsageDropFormat,
  type UsageFileContext,
  type UsageLineReader,
} from "./usage-drop.ts";

const FILE_NAME = /\.(?:json|jsonl|ndjson|csv)(?:\.gz)?$/;

const Fields = z.record(z.string(), z.unknown());
const Page = z.object({ data: z.array(Fields) });

/**
 * What LiteLLM has of past calls: rows of its spend logs as JSON, one a line or in an array, or as CSV; and the
 * payloads that its S3 logger writes. Each is the same call as its callback reports it, under the same id.
 */
export const LITELLM_EXPORTS: UsageDropFormat = { select, reader };

function select(path: readonly string[]): DropSelection {
  return FILE_NAME.test(path.at(-1) ?? "")
    ? { kind: "read" }
    : { kind: "skipped", name: "litellm-other" };
}

function reader({ nowMs }: UsageFileContext): UsageLineReader {
  let lines: UsageLineReader | undefined;
  const heldBack = (readings: readonly Reading[]) =>
    readings.map((reading) => heldBackIfInFuture(reading, nowMs));
  return {
    read: (line, lineNumber) => {
      lines ??= line.trimStart().startsWith("{") ? jsonReader() : csvReader();
      return heldBack(lines.read(line, lineNumber));
    },
    end: () => heldBack(lines?.end() ?? []),
  };
}

function jsonReader(): UsageLineReader {
  return {
    read: (line) => {
      const parsed = parseDropJson(line);
      if (parsed.kind === "malformed") {
        return [{ kind: "rejected", path: "", message: parsed.message }];
      }
      return (Page.safeParse(parsed.value).data?.data ?? [parsed.value]).map(readRecord);
    },
    end: () => [],
  };
}

function readRecord(value: unknown): Reading {
  const fields = Fields.safeParse(value).data;
  return fields !== undefined && "request_id" in fields
    ? readRow(fields)
    : readLitellmPayload(value);
}

function readRow(row: Readonly<Record<string, unknown>>): Reading {
  const reading = readingOf(() => readLitellmPayload(payloadOfSpendRow(row)));
  return reading.kind === "rejected" ? { ...reading, path: spendRowColumn(reading.path) } : reading;
}

function csvReader(): UsageLineReader {
  const lines = csvLines();
  let columns: readonly string[] | undefined;
  const readings = (row: CsvRow | undefined): readonly Reading[] => {
    if (row === undefined) {
      return [];
    }
    if (row.kind === "malformed") {
      return [{ kind: "rejected", path: "", message: row.message }];
    }
    if (columns === undefined) {
      columns = columnsOf(row.cells);
      return [];
    }
    return [readRow(Object.fromEntries(columns.map((name, at) => [name, row.cells[at]])))];
  };
  return {
    read: (line, lineNumber) => readings(lines.read(line, lineNumber)),
    end: () => readings(lines.end()),
  };
}

/** @throws {RefusedFileError} if it is no table of spend logs. */
function columnsOf(header: readonly string[]): readonly string[] {
  if (!header.includes("request_id")) {
    throw new RefusedFileError(
      "the file must hold JSON, or CSV whose header has the column request_id",
    );
  }
  return header;
}
