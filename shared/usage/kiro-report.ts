import { type CsvRow, csvLines } from "../wire/csv-lines.ts";
import { decimalMillionths } from "./decimal-millionths.ts";
import { isPlainText } from "./field-limits.ts";
import { isKiroDay, type KiroDay, kiroDayRow } from "./kiro-day.ts";
import { heldBackIfInFuture, InvalidFieldError, type Reading } from "./reading.ts";
import {
  type DropSelection,
  RefusedFileError,
  type UsageDropFormat,
  type UsageFileContext,
} from "./usage-drop.ts";
import type { Credits, SentUsage } from "./usage-event.ts";

const REQUIRED_COLUMNS = ["Date", "UserId", "Credits_Used"] as const;
const REPORT_NAME = /^([A-Z_]{1,40})_\d{12}_user_report_\d{8}.*\.csv(?:\.gz)?$/;
/** Of ids: a UUID, possibly behind the id of a directory. */
const MAX_ID_LENGTH = 100;

/**
 * Kiro's user activity report: a CSV file a client and day, a row a person. Columns are found by name, as they
 * come and go, and rows may be shorter than the header. Files are exported again in place: a row takes the place
 * of the same person's, day's and client's row of an earlier export.
 *
 * Read are the day, the person, the client and the credits; messages, conversations, plans and names are not.
 */
export const KIRO_REPORTS: UsageDropFormat = { select, reader };

function select(path: readonly string[]): DropSelection {
  const name = path.at(-1) ?? "";
  if (path.includes("by_user_analytic") || name.includes("by_user_analytic")) {
    return { kind: "skipped", name: "kiro-by-user-analytic" };
  }
  return /\.csv(?:\.gz)?$/.test(name) ? { kind: "read" } : { kind: "skipped", name: "kiro-other" };
}

function reader(context: UsageFileContext) {
  const lines = csvLines();
  let columns: ReadonlyMap<string, number> | undefined;
  const readRow = (row: CsvRow | undefined): readonly Reading[] => {
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
    return readCells(cellsOf(columns, row.cells), context);
  };
  return {
    read: (line: string, lineNumber: number) => readRow(lines.read(line, lineNumber)),
    end: () => readRow(lines.end()),
  };
}

/** @throws {RefusedFileError} if a column is missing without which no row says anything. */
function columnsOf(header: readonly string[]): ReadonlyMap<string, number> {
  const columns = new Map(header.map((name, at) => [name.toLowerCase(), at]));
  const missing = REQUIRED_COLUMNS.filter((name) => !columns.has(name.toLowerCase()));
  if (missing.length > 0) {
    throw new RefusedFileError(`the header has no column ${missing.join(", ")}`);
  }
  return columns;
}

type Cell = (column: string) => string | undefined;

/** A cell by the name of its column; one that is empty, or past the end of a short row, is not given. */
function cellsOf(columns: ReadonlyMap<string, number>, cells: readonly string[]): Cell {
  return (column) => {
    const at = columns.get(column.toLowerCase());
    return (at === undefined ? undefined : cells[at]) || undefined;
  };
}

/** The two amounts of a row, or what is wrong with it. */
function readCells(cell: Cell, context: UsageFileContext): readonly Reading[] {
  try {
    return daysOf(cell, context).map((event) =>
      heldBackIfInFuture({ kind: "accepted", event }, context.nowMs),
    );
  } catch (error) {
    if (error instanceof InvalidFieldError) {
      return [{ kind: "rejected", path: error.path, message: error.message }];
    }
    throw error;
  }
}

function daysOf(cell: Cell, context: UsageFileContext): readonly SentUsage[] {
  const day: KiroDay = {
    day: dateIn(cell),
    userId: idIn(cell),
    clientType: clientOf(cell, context.path),
    asOfMs: context.asOfMs,
  };
  const { used, overage } = creditsOf(cell, context);
  return [
    kiroDayRow(day, "used", used),
    // A report without the column says nothing of it, and must not take back what another one said.
    ...(cell("Overage_Credits_Used") === undefined ? [] : [kiroDayRow(day, "overage", overage)]),
  ];
}

function creditsOf(cell: Cell, { kiroCreditsIncludeOverage = false }: UsageFileContext): Credits {
  const credits = creditsIn("Credits_Used", cell("Credits_Used") ?? "");
  const overage = creditsIn("Overage_Credits_Used", cell("Overage_Credits_Used") ?? "0");
  return { used: kiroCreditsIncludeOverage ? withoutOverage(credits, overage) : credits, overage };
}

function creditsIn(column: string, text: string): number {
  const credits = decimalMillionths(text);
  if (credits === undefined) {
    throw new InvalidFieldError(column, "must be a decimal number, not negative, such as 41.37");
  }
  return credits;
}

function withoutOverage(all: number, overage: number): number {
  if (overage > all) {
    throw new InvalidFieldError(
      "Credits_Used",
      "must include Overage_Credits_Used, as kiro.creditsIncludeOverage says; it is less, so set that to false",
    );
  }
  return all - overage;
}

function dateIn(cell: Cell): string {
  const date = cell("Date") ?? "";
  if (!isKiroDay(date)) {
    throw new InvalidFieldError("Date", "must be a day after 2020, such as 2026-11-20");
  }
  return date;
}

function idIn(cell: Cell): string {
  const id = cell("UserId") ?? "";
  if (!isPlainText(id, MAX_ID_LENGTH)) {
    throw new InvalidFieldError("UserId", `must be a text of 1 to ${MAX_ID_LENGTH} characters`);
  }
  return id;
}

/** The row's own word, else the name of the file, which has one client's rows. */
function clientOf(cell: Cell, path: readonly string[]): string {
  const client = cell("Client_Type") ?? REPORT_NAME.exec(path.at(-1) ?? "")?.[1] ?? "";
  return isPlainText(client, MAX_ID_LENGTH) ? client.toUpperCase() : "-";
}
