import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Directory } from "../../shared/directory/directory.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { addDays, dayOf } from "../../shared/ledger/calendar.ts";
import { CommandError } from "../cli/command-line.ts";
import type { LineCounts, RejectedLine } from "./line-tally.ts";
import { readAnswers } from "./read-answers.ts";
import { readDirectory } from "./read-directory.ts";
import { readOutcomes } from "./read-outcomes.ts";
import { readUsage } from "./read-usage.ts";
import type { BacktestSource, BacktestSpan } from "./run-backtest.ts";

/** A source, and what can be said of it before anything is replayed. */
export type OpenedSource = {
  readonly source: BacktestSource;
  /** All days of the source, if the command names none. */
  readonly span: BacktestSpan;
  readonly directoryFor: (settings: Settings) => Promise<Directory>;
  /** What became of the lines, by file; nothing if the source has none. */
  readonly lines?: Readonly<Record<string, LineCounts>>;
  readonly rejected: readonly RejectedLine[];
};

export type OpenOptions = {
  readonly nowMs: number;
  readonly say: (text: string) => void;
};

const USAGE = "usage.ndjson";
const OUTCOMES = "outcomes.ndjson";
const DIRECTORY = "directory.csv";
/** May be missing: most folders are of a time before Outpace. */
const ANSWERS = "answers.ndjson";

/**
 * Reads a folder with `usage.ndjson`, `outcomes.ndjson`, `directory.csv`, and `answers.ndjson` if it is there.
 *
 * @throws {CommandError} if one of them is missing, if the directory has a fault, or no line is usage.
 */
export async function openFolder(
  folder: string,
  { nowMs, say }: OpenOptions,
): Promise<OpenedSource> {
  for (const name of [USAGE, OUTCOMES, DIRECTORY]) {
    await requireFile(join(folder, name));
  }
  const contextOf = (file: string) => ({
    file,
    nowMs,
    onProgress: (_: number, lines: number) =>
      say(`reading ${file}: ${lines.toLocaleString("en-US")} lines`),
  });
  const chunksOf = (name: string) =>
    createReadStream(join(folder, name), { highWaterMark: 1 << 20 });
  const usage = await readUsage(chunksOf(USAGE), contextOf(USAGE));
  const read = await readOutcomes(chunksOf(OUTCOMES), contextOf(OUTCOMES));
  const hasAnswers = await isFile(join(folder, ANSWERS));
  const given = await readAnswers(hasAnswers ? chunksOf(ANSWERS) : noChunks(), contextOf(ANSWERS));
  const days = [...usage.byDay.keys()];
  const [first = "", last = first] = [days[0], days.at(-1)];
  if (days.length === 0) {
    throw new CommandError(noUsage(join(folder, USAGE), usage.rejected), 2);
  }
  return {
    source: {
      first,
      // Each day is asked for once, and let go then: a million calls are large.
      usageOf: (day) => {
        const calls = usage.byDay.get(day) ?? new Map();
        usage.byDay.delete(day);
        return Promise.resolve(calls);
      },
      outcomes: read.outcomes,
      answers: given.answers,
    },
    // The last day's spend is judged in the night after it; a clock of ours never goes past now.
    span: { from: first, to: earlier(addDays(last, 2), addDays(dayOf(nowMs), 1)) },
    directoryFor: async (settings) => {
      const file = join(folder, DIRECTORY);
      return await readDirectory(await readFile(file), file, settings);
    },
    lines: {
      [USAGE]: usage.counts,
      [OUTCOMES]: read.counts,
      ...(hasAnswers && { [ANSWERS]: given.counts }),
    },
    rejected: [...usage.rejected, ...read.rejected, ...given.rejected],
  };
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

async function requireFile(file: string): Promise<void> {
  if (!(await isFile(file))) {
    const text = file.endsWith(OUTCOMES) ? "is it there? An empty one will do" : "is it there?";
    throw new CommandError(`${file} cannot be read: ${text}`, 2);
  }
}

async function* noChunks(): AsyncGenerator<Uint8Array> {}

async function isFile(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true;
}

function noUsage(file: string, rejected: readonly RejectedLine[]): string {
  const [first] = rejected;
  return first === undefined
    ? `${file} holds no line`
    : `${file}:${first.line}: ${first.path} ${first.message}\nNo line of the file is usage: ${rejected.length} are rejected`;
}
