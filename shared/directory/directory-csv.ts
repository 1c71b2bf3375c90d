import { parse } from "csv-parse/sync";
import * as z from "zod";
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

/** What csv-parse gives with `info`: the cells of a record, and the line that it ends on. */
const ParsedRecords = z.array(
  z.object({ record: z.array(z.string()), info: z.object({ lines: z.int() }) }),
);

/**
 * Reads `directory.csv` (RFC 4180, UTF-8, with a header): who belongs to which team from which day
 * on. Any fault refuses the whole file. Messages never repeat a cell but the id of a team or owner.
 *
 * @param settings Names the teams and owners there are, and what a team's empty cells default to.
 */
export function parseDirectoryCsv(text: string, settings: Settings): ParsedDirectoryCsv {
  const records = recordsOf(text);
  if (!Array.isArray(records)) {
    return { kind: "refused", faults: [records] };
  }
  const [header, ...body] = records;
  if (header === undefined || body.length === 0) {
    return { kind: "refused", faults: [faultOfFile("has no line that says who is where")] };
  }
  const columns = header.record.map((name) => name.toLowerCase());
  const headerFaults = faultsOfHeader(columns);
  if (headerFaults.length > 0) {
    return { kind: "refused", faults: headerFaults };
  }
  const read = body.map(({ record, info }) =>
    record.length === columns.length
      ? readDirectoryRow(cellsOf(columns, record), info.lines, settings)
      : wrongCellCount(info.lines, columns.length, record.length),
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

type Records = z.infer<typeof ParsedRecords>;

function recordsOf(text: string): Records | DirectoryCsvFault {
  try {
    return ParsedRecords.parse(
      parse(text, {
        bom: true,
        info: true,
        max_record_size: MAX_RECORD_CHARACTERS,
        relax_column_count: true,
        skip_empty_lines: true,
        trim: true,
      }),
    );
  } catch (error) {
    return { line: lineOf(error), column: "", message: "is not valid CSV: check the quotes" };
  }
}

const CsvParseError = z.object({ lines: z.int().positive() });

function lineOf(error: unknown): number {
  return CsvParseError.safeParse(error).data?.lines ?? 1;
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
