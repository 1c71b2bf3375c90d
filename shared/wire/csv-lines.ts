import { parse } from "csv-parse/sync";
import * as z from "zod";

/** One row of a table, and the line that it begins on. */
export type CsvRow =
  | { readonly kind: "cells"; readonly line: number; readonly cells: readonly string[] }
  | { readonly kind: "malformed"; readonly line: number; readonly message: string };

/** Puts the rows of a CSV file (RFC 4180) together from its lines: a cell in quotes may hold line breaks. */
export type CsvLines = {
  /** The row that ends on this line; nothing while a cell is open. */
  readonly read: (line: string, lineNumber: number) => CsvRow | undefined;
  /** What is left of a row whose quotes nothing closed. */
  readonly end: () => CsvRow | undefined;
};

const MAX_ROW_CHARACTERS = 16 * 1024 * 1024;
const Rows = z.array(z.array(z.string()));
const CHECK_QUOTES = "is not valid CSV: check the quotes";

export function csvLines(maxRowCharacters = MAX_ROW_CHARACTERS): CsvLines {
  let open: string[] = [];
  let firstLine = 0;
  let length = 0;
  let isQuoteOpen = false;
  const closed = () => {
    const text = open.join("\n");
    open = [];
    length = 0;
    isQuoteOpen = false;
    return text;
  };
  return {
    read: (line, lineNumber) => {
      if (open.length === 0 && !line.includes('"')) {
        return { kind: "cells", line: lineNumber, cells: trimmed(line.split(",")) };
      }
      firstLine = open.length === 0 ? lineNumber : firstLine;
      open.push(line);
      length += line.length;
      isQuoteOpen = isQuoteOpen !== hasOddQuotes(line);
      if (length > maxRowCharacters) {
        closed();
        return { kind: "malformed", line: firstLine, message: CHECK_QUOTES };
      }
      return isQuoteOpen ? undefined : rowOf(closed(), firstLine);
    },
    end: () =>
      open.length === 0 ? undefined : { kind: "malformed", line: firstLine, message: CHECK_QUOTES },
  };
}

function hasOddQuotes(line: string): boolean {
  let isOdd = false;
  for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) {
    isOdd = !isOdd;
  }
  return isOdd;
}

function rowOf(text: string, line: number): CsvRow {
  try {
    const [cells = []] = Rows.parse(parse(text, { relax_column_count: true }));
    return { kind: "cells", line, cells: trimmed(cells) };
  } catch {
    return { kind: "malformed", line, message: CHECK_QUOTES };
  }
}

function trimmed(cells: readonly string[]): readonly string[] {
  return cells.map((cell) => cell.trim());
}
