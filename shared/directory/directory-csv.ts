import { type CsvRow, csvLines } from "../wire/csv-lines.ts";
import { checkAcrossRows } from "./directory-conflicts.ts";
import { type DirectoryCsvFault, type DirectoryRow, readDirectoryRow } from "./directory-row.ts";
import type { Settings } from "./settings.ts";

export const REQUIRED_COLUMNS = [
  "user",
  "team",
  "cost_center",
  "owner",
  "use_case",
  "effective_from",
] as const;
const COLUMNS: readonly string[] = [...REQUIRED_COLUMNS, "aliases"];

export type ParsedDirectoryCsv =
  | { readonly kind: "directory"; readonly rows: readonly DirectoryRow[] }
  /** Nothing of the file may be used: half a directory would book people to the wrong budget. */
  | { readonly kind: "refused"; readonly faults: readonly DirectoryCsvFault[] };

const MAX_RECORD_CHARACTERS = 10_000;
const MAX_FAULTS = 100;

/**
 * Reads `directory.csv` (RFC 4180, UTF-8, with a header): who belongs to which team from which day
 * on. Any fault refuses the whole file. Messages never repeat a cell but the id of a team or owner.
 *
 * @param settings Names the teams and owners there are, and what a team's empty cells default to.
 */
export function parseDirectoryCsv(text: string, settings: Settings): ParsedDirectoryCsv {
  const records = recordsOf(text);
  if ("message" in records) {
    return { kind: "refused", faults: [records] };
  }
  const [header, ...body] = records;
  if (header === undefined || body.length === 0) {
    return { kind: "refused", faults: [faultOfFile("has no line that says who is where")] };
  }
  const columns = header.cells.map((name) => name.toLowerCase());
  const headerFaults = faultsOfHeader(columns);
  if (headerFaults.length > 0) {
    return { kind: "refused", faults: headerFaults };
  }
  const read = body.map(({ cells, line }) =>
    cells.length === columns.length
      ? readDirectoryRow(cellsOf(columns, cells), line, settings)
      : wrongCellCount(line, columns.length, cells.length),
  );
  const rows = read.flatMap((row) => ("faults" in row ? [] : [row]));
  const faults = [
    ...read.flatMap((row) => ("faults" in row ? row.faults : [])),
    ...checkAcrossRows(rows),
  ].sort((a, b) => a.line - b.line);
  return faults.length === 0
    ? { kind: "directory", rows }
    : { kind: "refused", faults: faults.slice(0, MAX_FAULTS) };
}

type Cells = Extract<CsvRow, { readonly kind: "cells" }>;

/** Rows that are not empty, or the first that is no row. */
function recordsOf(text: string): readonly Cells[] | DirectoryCsvFault {
  const lines = csvLines(MAX_RECORD_CHARACTERS);
  const read = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .map((line, index) => lines.read(line, index + 1));
  const rows: Cells[] = [];
  for (const row of [...read, lines.end()]) {
    if (row?.kind === "malformed") {
      return { line: row.line, column: "", message: row.message };
    }
    if (row !== undefined && row.cells.join("") !== "") {
      rows.push(row);
    }
  }
  return rows;
}

function faultOfFile(message: string): DirectoryCsvFault {
  return { line: 1, column: "", message };
}

function faultsOfHeader(columns: readonly string[]): readonly DirectoryCsvFault[] {
  const [only] = columns;
  // As spreadsheets save in countries where a comma is the decimal sign.
  if (columns.length === 1 && only?.startsWith(`${COLUMNS[0]};`)) {
    return [faultOfFile("has semicolons between the columns, where commas are expected")];
  }
  const fault = (column: string, message: string) => ({ line: 1, column, message });
  const unknown = columns.findIndex((name) => !COLUMNS.includes(name));
  return [
    ...REQUIRED_COLUMNS.filter((name) => !columns.includes(name)).map((name) =>
      fault(name, "is missing from the header"),
    ),
    ...COLUMNS.filter((name) => columns.indexOf(name) !== columns.lastIndexOf(name)).map((name) =>
      fault(name, "is in the header more than once"),
    ),
    ...(unknown === -1
      ? []
      : [fault(`column ${unknown + 1}`, `is not known; the columns are ${COLUMNS.join(", ")}`)]),
  ];
}

function cellsOf(columns: readonly string[], record: readonly string[]) {
  return Object.fromEntries(columns.map((name, at) => [name, record[at] ?? ""]));
}

function wrongCellCount(line: number, expected: number, actual: number) {
  const message = `must have ${expected} cells like the header, got ${actual}`;
  return { faults: [{ line, column: "", message }] };
}
