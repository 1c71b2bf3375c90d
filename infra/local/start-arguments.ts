import * as z from "zod";
import { readArguments, usageError } from "../cli/command-line.ts";
import { DEFAULT_API_PORT } from "./host.ts";

const USAGE = `Usage:
  npm start [-- --port N] [--import PATH … [--user E-MAIL]]

  --port    where senders reach it on this machine; ${DEFAULT_API_PORT} unless said otherwise
  --import  a file or folder to import first, such as ~/.claude/projects or ~/.codex: transcripts of
            Claude Code, rollouts of Codex, a directory.csv, and whatever the drop bucket takes. It is
            told by itself what each file is, and importing again changes nothing.
  --user    whose usage it is, where the files do not say so; by default what git calls you

Runs the stack of outpace.config.ts (or of the file that OUTPACE_CONFIG names) until Ctrl-C.
What it holds stays in .outpace/; delete that folder to begin anew.`;

const OPTIONS = {
  port: { type: "string", default: String(DEFAULT_API_PORT) },
  import: { type: "string", multiple: true, default: [] as string[] },
  user: { type: "string" },
} as const;

export type StartArguments = {
  readonly apiPort: number;
  /** Files and folders to import. */
  readonly importPaths: readonly string[];
  readonly user?: string;
};

const Port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((port) => port >= 1 && port <= 65_535);

/**
 * Reads what is said to `npm start`.
 *
 * @throws {CommandError} with the fault and the usage.
 */
export function startArguments(args: readonly string[]): StartArguments {
  const { positionals, values } = readArguments(args, OPTIONS, USAGE);
  if (positionals.length > 0) {
    throw usageError(USAGE, `there is nothing to say but options, got: ${positionals[0]}`);
  }
  const port = Port.safeParse(values.port);
  if (!port.success) {
    throw usageError(USAGE, `--port must be from 1 to 65535, got: ${values.port}`);
  }
  const { user, import: importPaths } = values;
  if (user !== undefined && (user.trim() === "" || importPaths.length === 0)) {
    throw usageError(USAGE, "--user names the person whose files --import reads");
  }
  return { apiPort: port.data, importPaths, ...(user !== undefined && { user }) };
}
