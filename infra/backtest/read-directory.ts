import { utf8Text } from "../../functions/http/utf8.ts";
import { importDirectory } from "../../functions/import-drops/import-directory.ts";
import type { Assignment, Directory } from "../../shared/directory/directory.ts";
import { parseDirectoryCsv } from "../../shared/directory/directory-csv.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import { CommandError } from "../cli/command-line.ts";
import { csvFaultText } from "../cli/csv-fault.ts";

/**
 * Reads `directory.csv`. Users keep the name that they have in the file.
 *
 * @throws {CommandError} with each fault at its line: half a directory would send alerts to the wrong
 *   owner.
 */
export async function readDirectory(
  bytes: Uint8Array,
  file: string,
  settings: Settings,
): Promise<Directory> {
  const text = utf8Text(bytes);
  if (text === undefined) {
    throw new CommandError(`${file} is not UTF-8: save it as CSV UTF-8`, 2);
  }
  const parsed = parseDirectoryCsv(text, settings);
  if (parsed.kind === "refused") {
    const faults = parsed.faults.map((fault) => csvFaultText(file, fault));
    throw new CommandError(faults.join("\n"), 2);
  }
  const assignments: Assignment[] = [];
  const aliases = new Map<UserPseudonym, UserPseudonym>();
  await importDirectory(
    parsed.rows,
    {
      read: () => Promise.resolve({ assignments, aliases }),
      putAssignment: (assignment) => {
        assignments.push(assignment);
        return Promise.resolve();
      },
      putAlias: (alias, person) => {
        aliases.set(alias, person);
        return Promise.resolve();
      },
    },
    (subject) => subject,
  );
  return { assignments, aliases };
}
