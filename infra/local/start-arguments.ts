import * as z from "zod";
import { CommandError, readArguments } from "../cli/command-line.ts";
import { DEFAULT_API_PORT } from "./host.ts";

const USAGE = `Usage:
  npm start [-- --port N]

  --port  where senders reach it on this machine; ${DEFAULT_API_PORT} unless said otherwise

Runs the stack of outpace.config.ts (or of the file that OUTPACE_CONFIG names) until Ctrl-C.
What it holds stays in .outpace/; delete that folder to begin anew.`;

const OPTIONS = { port: { type: "string", default: String(DEFAULT_API_PORT) } } as const;

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
export function startArguments(args: readonly string[]): { readonly apiPort: number } {
  const { positionals, values } = readArguments(args, OPTIONS, USAGE);
  if (positionals.length > 0) {
    throw new CommandError(
      `there is nothing to say but options, got: ${positionals[0]}\n\n${USAGE}`,
    );
  }
  const port = Port.safeParse(values.port);
  if (!port.success) {
    throw new CommandError(`--port must be from 1 to 65535, got: ${values.port}\n\n${USAGE}`);
  }
  return { apiPort: port.data };
}
