import { type CsvFault, readCsvTable } from "../wire/csv-table.ts";
import { checkAcrossRows } from "./directory-conflicts.ts";
import { type DirectoryRow, readDirectoryRow } from "./directory-row.ts";
import type { Settings } from "./settings.ts";

export const REQUIRED_COLUMNS = [
  "user",
  "team",
  "cost_center",
  "owner",
  "use_case",
  "effective_from",
] as const;
export type ParsedDirectoryCsv =
  | { readonly kind: "directory"; readonly rows: readonly DirectoryRow[] }
  /** Nothing of the file may be used: half a directory would book people to the wrong budget. */
  | { readonly kind: "refused"; readonly faults: readonly CsvFault[] };

const MAX_FAULTS = 100;

/**
 * Reads `directory.csv` (RFC 4180, UTF-8, with a header): who belongs to which team from which day
 * on. Any fault refuses the whole file. Messages never repeat a cell but the id of a team or owner.
 *
 * @param settings Names the teams and owners there are, and what a team's empty cells default to.
 */
export function parseDirectoryCsv(text: string, settings: Settings): ParsedDirectoryCsv {
  const table = readCsvTable(text, {
    required: REQUIRED_COLUMNS,
    optional: ["aliases"],
    emptyMessage: "has no line that says who is where",
  });
  if (table.kind === "unreadable") {
    return { kind: "refused", faults: table.faults };
  }
  const read = table.rows.map(({ cells, line }) => readDirectoryRow(cells, line, settings));
  const rows = read.flatMap((row) => ("faults" in row ? [] : [row]));
  const faults = [
    ...table.faults,
    ...read.flatMap((row) => ("faults" in row ? row.faults : [])),
    ...checkAcrossRows(rows),
  ].sort((a, b) => a.line - b.line);
  return faults.length === 0
    ? { kind: "directory", rows }
    : { kind: "refused", faults: faults.slice(0, MAX_FAULTS) };
}
