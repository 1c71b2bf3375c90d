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
  const cells = cellsOf(text);
  return cells === undefined
    ? { kind: "malformed", line, message: CHECK_QUOTES }
    : { kind: "cells", line, cells: trimmed(cells) };
}

/** The cells of a whole row; nothing, if a quote is where none can be. */
function cellsOf(text: string): readonly string[] | undefined {
  const cells: string[] = [];
  for (let at = 0; at <= text.length; ) {
    const cell = cellAt(text, at);
    if (cell === undefined) {
      return undefined;
    }
    cells.push(cell.value);
    at = cell.end + 1;
  }
  return cells;
}

type CellAt = { readonly value: string; readonly end: number };

function cellAt(text: string, start: number): CellAt | undefined {
  const quote = text.indexOf('"', start);
  const end = endOfCell(text, start);
  if (quote === -1 || quote > end) {
    return { value: text.slice(start, end), end };
  }
  const closing = closingQuote(text, quote);
  const quotedEnd = endOfCell(text, closing);
  const isQuotesOnly =
    text.slice(start, quote).trim() === "" && text.slice(closing + 1, quotedEnd).trim() === "";
  return closing !== -1 && isQuotesOnly
    ? { value: text.slice(quote + 1, closing).replaceAll('""', '"'), end: quotedEnd }
    : undefined;
}

function endOfCell(text: string, from: number): number {
  const comma = text.indexOf(",", from);
  return comma === -1 ? text.length : comma;
}

/** Two quotes are one within a cell. */
function closingQuote(text: string, opening: number): number {
  let at = text.indexOf('"', opening + 1);
  while (at !== -1 && text[at + 1] === '"') {
    at = text.indexOf('"', at + 2);
  }
  return at;
}

function trimmed(cells: readonly string[]): readonly string[] {
  return cells.map((cell) => cell.trim());
}
