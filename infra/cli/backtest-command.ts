import { readFile } from "node:fs/promises";
import { isCalendarDay } from "../../shared/directory/calendar-day.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { genaiPriceBook } from "../../shared/pricing/genai-price-book.ts";
import { type Backtest, backtest } from "../backtest/backtest.ts";
import { resultLines } from "../backtest/backtest-text.ts";
import { type OpenedSource, openFolder } from "../backtest/folder-source.ts";
import { type LedgerStores, openLedger } from "../backtest/ledger-source.ts";
import type { BacktestSpan } from "../backtest/run-backtest.ts";
import { scoredAtMs } from "../backtest/scoring-time.ts";
import { whatIfSettings } from "../backtest/what-if-settings.ts";
import { writeExample } from "../backtest/write-example.ts";
import type { Configuration } from "../config/configuration.ts";
import { settingsOf } from "../config/function-settings.ts";
import type { Progress } from "../demo/progress.ts";
import { CommandError, readArguments, type Terminal, usageError } from "./command-line.ts";

const USAGE = `Usage:
  npm run backtest -- FOLDER --out DIR [--from DAY] [--to DAY] [--what-if FILE]
  npm run backtest -- --ledger --from DAY --to DAY --out DIR [--what-if FILE] [--deployed]
  npm run backtest -- --example FOLDER

  Lives through past days once more, night by night, with the scoring that is deployed, and writes what it
  would have told whom. Nothing is sent, and no table is written.

  FOLDER      holds usage.ndjson, outcomes.ndjson and directory.csv, see docs/backtest.md
  --out       folder for alerts, follow-ups, scores and rejected lines (.ndjson), and summary.json
  --from      first day, such as 2026-10-01, on which alerts are decided
  --to        the day after the last one
  --what-if   JSON with settings that differ from outpace.config.ts: runs both, and compares
  --ledger    replays what a stack has stored, instead of a folder
  --deployed  the stack in AWS, instead of the one that runs on this machine
  --example   writes a folder with an invented organisation, to try it with`;

const OPTIONS = {
  out: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  "what-if": { type: "string" },
  ledger: { type: "boolean", default: false },
  deployed: { type: "boolean", default: false },
  example: { type: "string" },
} as const;

export type BacktestCommandDeps = Terminal & {
  readonly configuration: () => Promise<Configuration>;
  readonly connect: (deployed: boolean) => LedgerStores;
  readonly progress: Progress;
  readonly nowMs: () => number;
};

type Given = ReturnType<typeof readArguments<typeof OPTIONS>>["values"];

/** Replays past days, and says what Outpace would have told. */
export async function backtestCommand(
  args: readonly string[],
  deps: BacktestCommandDeps,
): Promise<void> {
  const { positionals, values } = readArguments(args, OPTIONS, USAGE);
  if (values.example !== undefined && positionals.length === 0) {
    return await example(values.example, deps);
  }
  const { out } = values;
  const [folder, ...others] = positionals;
  requireUsage(out !== undefined && others.length === 0);
  requireUsage(values.ledger === (folder === undefined) && (values.ledger || !values.deployed));
  const configuration = await deps.configuration();
  const configured = settingsOf(configuration);
  const whatIf = await otherSettings(values["what-if"], configured);
  const { progress } = deps;
  const opened = await open(folder, values, deps);
  const run = await backtest({
    opened,
    span: spanWithin(opened.span, values),
    configured,
    ...(whatIf !== undefined && { whatIf }),
    rules: {
      priceBook: genaiPriceBook(configuration.prices),
      scoredAtMs: scoredAtMs(configuration.schedules.scoring),
    },
    out: out ?? "",
    say: progress.say,
  });
  progress.end();
  tell(run, opened, out ?? "", deps);
}

async function example(folder: string, { print }: Terminal): Promise<void> {
  const { calls, outcomes, people } = await writeExample(folder);
  print(`Wrote ${calls} calls and ${outcomes} outcomes of ${people} invented people to ${folder}.`);
  print(`Now: npm run backtest -- ${folder} --out ${folder}/result`);
}

function requireUsage(isUsable: boolean): void {
  if (!isUsable) {
    throw usageError(USAGE);
  }
}

async function otherSettings(file: string | undefined, configured: Settings) {
  if (file === undefined) {
    return undefined;
  }
  const text = await readFile(file, "utf8").catch(() => {
    throw new CommandError(`${file} cannot be read: is it there?`, 2);
  });
  return whatIfSettings(text, file, configured);
}

async function open(
  folder: string | undefined,
  { deployed, from, to }: Given,
  { connect, nowMs, progress }: BacktestCommandDeps,
): Promise<OpenedSource> {
  if (folder !== undefined) {
    return await openFolder(folder, { nowMs: nowMs(), say: progress.say });
  }
  if (from === undefined || to === undefined) {
    throw usageError(USAGE, "--ledger needs --from and --to");
  }
  const span = spanWithin({ from, to }, {});
  progress.say("reading the directory and the outcomes");
  return await openLedger(connect(deployed), span);
}

function spanWithin(
  whole: BacktestSpan,
  given: { readonly from?: string | undefined; readonly to?: string | undefined },
): BacktestSpan {
  const span = { from: given.from ?? whole.from, to: given.to ?? whole.to };
  if (![span.from, span.to].every(isCalendarDay)) {
    throw new CommandError("--from and --to must be days such as 2026-10-01", 2);
  }
  if (span.from >= span.to) {
    throw new CommandError(`--from ${span.from} must be before --to ${span.to}`, 2);
  }
  return span;
}

function tell(run: Backtest, opened: OpenedSource, out: string, { print, remark }: Terminal): void {
  for (const line of resultLines(run)) {
    print(line);
  }
  if (opened.rejected.length > 0) {
    const [first] = opened.rejected;
    remark(
      `${opened.rejected.length} lines were rejected, the first ${first?.file}:${first?.line}: ${first?.path} ${first?.message}. All are in ${out}/rejected.ndjson`,
    );
  }
  remark(`Results are in ${out}. They name people as the input does: keep them as safe.`);
}
