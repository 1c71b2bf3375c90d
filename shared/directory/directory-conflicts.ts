import type { CsvFault } from "../wire/csv-table.ts";
import type { DirectoryRow } from "./directory-row.ts";

/**
 * What is wrong only between lines: two lines for the same person and day, and a subject that would
 * be two people.
 */
export function checkAcrossRows(rows: readonly DirectoryRow[]): readonly CsvFault[] {
  return [...repeatedAssignments(rows), ...ambiguousAliases(rows)];
}

function repeatedAssignments(rows: readonly DirectoryRow[]): readonly CsvFault[] {
  const lineOf = new Map<string, number>();
  return rows.flatMap(({ line, user, effectiveFrom }) => {
    const key = `${user} ${effectiveFrom}`;
    const first = lineOf.get(key);
    lineOf.set(key, first ?? line);
    const message = `the same user has line ${first} for the same day`;
    return first === undefined ? [] : [{ line, column: "effective_from", message }];
  });
}

function ambiguousAliases(rows: readonly DirectoryRow[]): readonly CsvFault[] {
  const personOf = new Map(rows.map(({ user, line }) => [user, { user, line }]));
  return rows.flatMap(({ line, user, aliases }) =>
    aliases.flatMap((alias) => {
      const other = personOf.get(alias) ?? { user, line };
      personOf.set(alias, other);
      const message = `an alias belongs to another user already, in line ${other.line}`;
      return other.user === user ? [] : [{ line, column: "aliases", message }];
    }),
  );
}
