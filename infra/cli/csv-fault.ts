import type { CsvFault } from "../../shared/wire/csv-table.ts";

/** A fault at its place in the file, as editors and terminals link it: `people.csv:3: team: …`. */
export function csvFaultText(file: string, { line, column, message }: CsvFault): string {
  return [`${file}:${line}`, column, message].filter((part) => part !== "").join(": ");
}
