import { type ParseArgsConfig, parseArgs } from "node:util";

/** What the person at the terminal has to know or do. Shown without a stack trace. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
  /** What the process ends with: 2 if the command was not called, or not given, what it needs. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A command that was not called as it has to be: what is wrong, if it can be named, and how it is called. */
export function usageError(usage: string, fault?: string): CommandError {
  return new CommandError(fault === undefined ? usage : `${fault}\n\n${usage}`, 2);
}

/** Thrown to answer `--help`: what it says is a result, and no fault. */
export class HelpRequest extends Error {
  override readonly name = "HelpRequest";
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

/** Runs a command to its end. An error becomes one line on stderr and exit status 1, or its own. */
export async function runCommand(
  command: (args: readonly string[]) => Promise<void>,
  { print, remark }: Terminal = processTerminal,
): Promise<void> {
  try {
    await command(process.argv.slice(2));
  } catch (error) {
    if (error instanceof HelpRequest) {
      print(error.message);
      return;
    }
    remark(error instanceof Error ? messageOf(error) : String(error));
    process.exitCode = error instanceof CommandError ? error.exitCode : 1;
  }
}

function messageOf(error: Error): string {
  return error instanceof CommandError ? error.message : `${error.name}: ${error.message}`;
}

const HELP = { help: { type: "boolean", short: "h", default: false } } as const;

/**
 * Reads arguments by `node:util` `parseArgs`. Every command knows `--help`.
 *
 * @throws {HelpRequest} with the usage, if it is asked for.
 * @throws {CommandError} with the fault and the usage.
 */
export function readArguments<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: Options,
  usage: string,
) {
  if (asksForHelp(args)) {
    throw new HelpRequest(usage);
  }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageError(usage, faultOf(error));
  }
}

/** Whatever else is said: who asks for help may have the rest wrong. */
function asksForHelp(args: readonly string[]): boolean {
  const { values } = parseArgs({ args: [...args], options: HELP, strict: false });
  return values.help === true;
}

/** The first sentence: what `parseArgs` says after it is about a `--` that these commands lack. */
function faultOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(". ")[0] ?? message;
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
