import { parseDirectoryCsv } from "../../shared/directory/directory-csv.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import type { DirectoryStore } from "../../shared/ports/directory-store.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import type { DropReport } from "./drop-report.ts";
import { refused } from "./drop-report.ts";
import { dropText } from "./drop-text.ts";
import { importDirectory } from "./import-directory.ts";

export const DIRECTORY_FOLDER = "directory";

export type DirectoryDropDeps = {
  readonly directory: DirectoryStore;
  readonly pseudonymise: () => Promise<Pseudonymise>;
  readonly settings: Settings;
};

/** Imports a directory file: as a whole or not at all, as half of it would book people to the wrong budget. */
export async function importDirectoryDrop(
  bytes: AsyncIterable<Uint8Array>,
  { directory, pseudonymise, settings }: DirectoryDropDeps,
): Promise<DropReport> {
  const read = await dropText(bytes);
  if (read.kind === "unreadable") {
    return refused(read.message);
  }
  const parsed = parseDirectoryCsv(read.text, settings);
  if (parsed.kind === "refused") {
    return { drop: "refused", faults: parsed.faults };
  }
  await importDirectory(parsed.rows, directory, await pseudonymise());
  return { drop: "imported", rows: parsed.rows.length };
}
