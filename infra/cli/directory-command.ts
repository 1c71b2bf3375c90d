import { basename } from "node:path";
import { utf8Text } from "../../functions/http/utf8.ts";
import { parseDirectoryCsv } from "../../shared/directory/directory-csv.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { CommandError, readArguments, type Terminal, usageError } from "./command-line.ts";
import { csvFaultText } from "./csv-fault.ts";
import { type DirectoryNames, findPerson } from "./find-person.ts";

const USAGE = `Usage:
  npm run directory -- import FILE [--deployed]
  npm run directory -- find WHO [--deployed]

  WHO         a pseudonym of an alert or a report, or an account such as
              user-017@example.com; what begins with - goes behind one more --
  FILE        CSV in UTF-8 with the columns
              user,team,cost_center,owner,use_case,effective_from and, if you like, aliases
  --deployed  the stack in AWS, instead of the one that runs on this machine`;

const OPTIONS = { deployed: { type: "boolean", default: false } } as const;

export type DirectoryCommandDeps = Terminal & {
  readonly names: (deployed: boolean) => DirectoryNames;
  /** Puts a text into the drop bucket. */
  readonly upload: (deployed: boolean, key: string, text: string) => Promise<void>;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly settings: () => Promise<Settings>;
};

/** Imports a directory file, or finds a person in what was imported. */
export async function directoryCommand(
  args: readonly string[],
  deps: DirectoryCommandDeps,
): Promise<void> {
  const { positionals, values } = readArguments(args, OPTIONS, USAGE);
  const [command, what, ...rest] = positionals;
  if (what === undefined || rest.length > 0) {
    throw usageError(USAGE);
  }
  if (command === "import") {
    return await importFile(what, values.deployed, deps);
  }
  if (command === "find") {
    return await findPerson(what, deps.names(values.deployed), deps);
  }
  throw usageError(USAGE);
}

/** Checks the file here, where its faults can be shown in full, and uploads it. */
async function importFile(
  file: string,
  deployed: boolean,
  deps: DirectoryCommandDeps,
): Promise<void> {
  const text = await textOf(file, deps);
  const parsed = parseDirectoryCsv(text, await deps.settings());
  if (parsed.kind === "refused") {
    const faults = parsed.faults.map((fault) => csvFaultText(file, fault));
    throw new CommandError(["Nothing was imported.", ...faults].join("\n"));
  }
  await deps.upload(deployed, `directory/${basename(file)}`, text);
  const { length } = parsed.rows;
  deps.print(`Uploaded ${length} ${length === 1 ? "line" : "lines"}. In use within five minutes.`);
}

async function textOf(file: string, { readFile }: DirectoryCommandDeps): Promise<string> {
  const text = utf8Text(await readFile(file).catch(() => notThere(file)));
  if (text === undefined) {
    throw new CommandError(`${file} is not UTF-8: save it as CSV UTF-8`);
  }
  return text;
}

function notThere(file: string): never {
  throw new CommandError(`${file} cannot be read: is it there?`);
}
