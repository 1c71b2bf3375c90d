import type { UserDay } from "../../shared/ledger/roll-ups.ts";
import { dollars, type NanoUsd } from "../../shared/money/nano-usd.ts";
import { table } from "../cli/command-line.ts";
import type { FoundFiles } from "./find-files.ts";
import type { ImportedFiles } from "./import-files.ts";
import { megabytes } from "./import-progress.ts";

export type ImportResult = {
  /** As the person wrote them. */
  readonly paths: readonly string[];
  readonly found: FoundFiles;
  readonly imported: ImportedFiles;
  readonly elapsedMs: number;
  readonly subject: string;
  /** What the books say of that person, of all days. */
  readonly userDays: readonly UserDay[];
  /** The months' reports, as the person would write their paths. */
  readonly reports: readonly string[];
};

/** What lines without usage were, in people's words. What is not listed needs no words: prompts, tools. */
const IGNORED: ReadonlyMap<string, string> = new Map([
  ["unfinished-response", "answers still being written: import again later"],
  ["unfinished-last-line", "last lines still being written: import again later"],
  ["synthetic-message", "messages that no model wrote"],
  ["api-error-message", "messages about failed requests"],
  ["replay", "calls that a fork repeats of its parent"],
  ["repeated-call", "counts that repeat the one before"],
]);

const SHOWN_FAULTS = 5;
const MOST_MODELS = 12;
const COST_WIDTH = 12;
const CALLS_WIDTH = 9;

/** What an import found, what it left out and why, and what the books say now. */
export function importText(result: ImportResult): string {
  const books = result.imported.isStopped
    ? []
    : ["", ...bookLines(result), "", ...reportLines(result)];
  return [...foundLines(result), ...leftOutLines(result), ...books].join("\n");
}

function foundLines({ found, imported, elapsedMs, paths }: ImportResult): readonly string[] {
  const { counts, isStopped, files, people } = imported;
  const bytes = found.files.reduce((sum, file) => sum + file.bytes, 0);
  const seconds = (elapsedMs / 1_000).toFixed(elapsedMs < 10_000 ? 1 : 0);
  const read = isStopped
    ? `Stopped after ${count(files, "file")} of ${found.files.length}; what was imported stays, and the same command goes on.`
    : `Imported ${paths.join(", ")}: ${count(files, "file")}, ${megabytes(bytes)} MB, in ${seconds} s.`;
  const isNothingNew = counts.committed === 0 && counts.received > 0;
  return [
    read,
    ...(isNothingNew ? ["Nothing new: all of it was imported before."] : []),
    ...(people > 0 ? [`${count(people, "line")} of the directory`] : []),
  ];
}

function leftOutLines({ found, imported }: ImportResult): readonly string[] {
  const { counts, ignored, faults } = imported;
  const passedOver = [...found.passedOver.values()].reduce((sum, files) => sum + files, 0);
  return [
    ...some(counts.committed, "records new to the books; calls that forks repeat count once"),
    ...some(counts.duplicate, "records that say again what the books hold"),
    ...some(counts.quarantined, "put aside: npm run quarantine -- list says why"),
    ...[...IGNORED].flatMap(([name, words]) => some(ignored.get(name) ?? 0, words)),
    ...some(counts.rejected, "lines that cannot be read:"),
    ...faults
      .slice(0, SHOWN_FAULTS)
      .map(({ file, line, message }) => `${" ".repeat(11)}${file}:${line} ${message}`),
    ...some(passedOver, "files passed over, as they hold no usage that is known"),
  ];
}

function bookLines({ userDays, subject }: ImportResult): readonly string[] {
  const lines = userDays.flatMap((day) => day.lines);
  const total = sums(userDays);
  const days = userDays
    .filter(({ calls }) => calls > 0)
    .map(({ day }) => day)
    .sort();
  if (days.length === 0) {
    return [`The books hold no calls of ${subject}.`];
  }
  const byMonth = Map.groupBy(userDays, ({ day }) => day.slice(0, 7));
  const byModel = Map.groupBy(lines, ({ model }) => model);
  const months = [...byMonth.keys()].sort().map((month) => row(month, byMonth.get(month) ?? []));
  const models = [...byModel]
    .map(([model, of]) => ({ model, of, cost: sums(of).cost }))
    .sort((a, b) => Number(b.cost - a.cost))
    .slice(0, MOST_MODELS)
    .map(({ model, of }) => row(model, of));
  return [
    `In the books for ${subject}, ${days[0]} to ${days.at(-1)}:`,
    `${count(total.calls, "call")} on ${count(days.length, "day")}, list cost ${dollars(total.cost)}${unpricedText(total.unpriced)}.`,
    "That is what the tokens cost by the price list; a subscription may cost you less.",
    "",
    ...indented(table(headings("month"), months)),
    "",
    ...indented(table(headings("model"), models)),
  ];
}

function reportLines({ reports }: ImportResult): readonly string[] {
  const latest = reports.at(-1);
  const more = reports.length > 1 ? " (and a folder for each month before)" : "";
  return latest === undefined ? [] : [`By day, tool and model${more}:`, `  ${latest}`];
}

function unpricedText(calls: number): string {
  return calls === 0 ? "" : `, and ${count(calls, "call")} without a known price`;
}

type Summed = {
  readonly calls: number;
  readonly costNanoUsd: NanoUsd;
  readonly unpricedCalls: number;
};

function sums(values: readonly Summed[]) {
  return {
    calls: values.reduce((sum, { calls }) => sum + calls, 0),
    cost: values.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n),
    unpriced: values.reduce((sum, { unpricedCalls }) => sum + unpricedCalls, 0),
  };
}

function headings(name: string): readonly string[] {
  return [name, "list cost".padStart(COST_WIDTH), "calls".padStart(CALLS_WIDTH)];
}

function row(name: string, values: readonly Summed[]): readonly string[] {
  const { calls, cost, unpriced } = sums(values);
  const price = unpriced === calls && calls > 0 ? "no price" : dollars(cost);
  return [name, price.padStart(COST_WIDTH), number(calls).padStart(CALLS_WIDTH)];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function some(amount: number, words: string): readonly string[] {
  return amount === 0 ? [] : [`${number(amount).padStart(9)}  ${words}`];
}

function count(amount: number, noun: string): string {
  return `${number(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}

function number(amount: number): string {
  return amount.toLocaleString("en-US");
}
