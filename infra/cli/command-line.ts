import { type ParseArgsConfig, parseArgs } from "node:util";

/** What the person at the terminal has to know or do. Shown without a stack trace. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Where a command writes: results to stdout, so that they can be piped, remarks to stderr. */
export type Terminal = {
  readonly print: (line: string) => void;
  readonly remark: (line: string) => void;
};

export const processTerminal: Terminal = {
  print: (line) => process.stdout.write(`${line}\n`),
  remark: (line) => process.stderr.write(`${line}\n`),
};

/** Runs a command to its end. An error becomes one line on stderr and exit status 1. */
export async function runCommand(
  command: (args: readonly string[]) => Promise<void>,
  { remark }: Terminal = processTerminal,
): Promise<void> {
  try {
    await command(process.argv.slice(2));
  } catch (error) {
    remark(error instanceof Error ? messageOf(error) : String(error));
    process.exitCode = 1;
  }
}

function messageOf(error: Error): string {
  return error instanceof CommandError ? error.message : `${error.name}: ${error.message}`;
}

/**
 * Reads arguments by `node:util` `parseArgs`.
 *
 * @throws {CommandError} with the fault and the usage.
 */
export function readArguments<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${fault}\n\n${usage}`);
  }
}

/** Rows under headings, in columns as wide as their widest cell. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [headings, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
