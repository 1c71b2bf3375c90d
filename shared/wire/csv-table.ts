import { csvLines, type CsvRow as ReadRow } from "./csv-lines.ts";

/** What is wrong, where. `column` is empty if it is the whole line. */
export type CsvFault = {
  readonly line: number;
  readonly column: string;
  readonly message: string;
};

/** A line of the file, by column. */
export type CsvRow = {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
};

export type CsvTable =
  | {
      readonly kind: "table";
      readonly rows: readonly CsvRow[];
      readonly faults: readonly CsvFault[];
    }
  /** Nothing can be read: the faults are those of the file or of its header. */
  | { readonly kind: "unreadable"; readonly faults: readonly CsvFault[] };

export type CsvColumns = {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  /** What is missing from a file of a header alone: `has no line that …`. */
  readonly emptyMessage: string;
};

const MAX_RECORD_CHARACTERS = 10_000;

type Cells = Extract<ReadRow, { readonly kind: "cells" }>;

/**
 * Reads a CSV file that people write (RFC 4180, UTF-8, with a header in any order and case). A line
 * with more or fewer cells than the header is a fault; the other lines are still read.
 */
export function readCsvTable(text: string, columns: CsvColumns): CsvTable {
  const records = recordsOf(text);
  if ("message" in records) {
    return { kind: "unreadable", faults: [records] };
  }
  const [header, ...body] = records;
  if (header === undefined || body.length === 0) {
    return { kind: "unreadable", faults: [faultOfFile(columns.emptyMessage)] };
  }
  const names = header.cells.map((name) => name.toLowerCase());
  const faults = faultsOfHeader(names, columns);
  return faults.length > 0 ? { kind: "unreadable", faults } : tableOf(names, body);
}

/** Rows that are not empty, or the first that is no row. */
function recordsOf(text: string): readonly Cells[] | CsvFault {
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

function faultOfFile(message: string): CsvFault {
  return { line: 1, column: "", message };
}

function faultsOfHeader(
  names: readonly string[],
  { required, optional = [] }: CsvColumns,
): readonly CsvFault[] {
  const known = [...required, ...optional];
  const [only] = names;
  // As spreadsheets save in countries where a comma is the decimal sign.
  if (names.length === 1 && known.some((name) => only?.startsWith(`${name};`))) {
    return [faultOfFile("has semicolons between the columns, where commas are expected")];
  }
  const fault = (column: string, message: string) => ({ line: 1, column, message });
  const unknown = names.findIndex((name) => !known.includes(name));
  return [
    ...required
      .filter((name) => !names.includes(name))
      .map((name) => fault(name, "is missing from the header")),
    ...known
      .filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
      .map((name) => fault(name, "is in the header more than once")),
    ...(unknown === -1
      ? []
      : [fault(`column ${unknown + 1}`, `is not known; the columns are ${known.join(", ")}`)]),
  ];
}

function tableOf(names: readonly string[], body: readonly Cells[]): CsvTable {
  const whole = body.filter(({ cells }) => cells.length === names.length);
  return {
    kind: "table",
    rows: whole.map(({ cells, line }) => ({
      line,
      cells: Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""])),
    })),
    faults: body
      .filter(({ cells }) => cells.length !== names.length)
      .map(({ cells, line }) => ({
        line,
        column: "",
        message: `must have ${names.length} cells like the header, got ${cells.length}`,
      })),
  };
}
