import { join } from "node:path";
import type { ScoredNight } from "../../functions/score-sessions/score-sessions.ts";
import type { ReviewVerdict } from "../../shared/alerts/alert.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { type ComparedAlerts, compareAlerts } from "./compare-alerts.ts";
import type { OpenedSource } from "./folder-source.ts";
import type { RejectedLine } from "./line-tally.ts";
import { alertLine, jsonLine, jsonText, sessionLine, windowLines } from "./output-lines.ts";
import { type LineFile, lineFile, writeResult } from "./result-files.ts";
import {
  type BacktestRules,
  type BacktestSpan,
  runBacktest,
  type Variant,
  type VariantResult,
} from "./run-backtest.ts";
import { type AlertSummary, flagged, summariseAlerts } from "./summary.ts";

export type BacktestInput = {
  readonly opened: OpenedSource;
  readonly span: BacktestSpan;
  readonly configured: Settings;
  /** Settings to compare with, if any. */
  readonly whatIf?: Settings;
  readonly rules: BacktestRules;
  /** Folder for the results. */
  readonly out: string;
  readonly say: (text: string) => void;
};

/** What a backtest came to under one set of settings. */
export type BacktestResult = VariantResult & {
  readonly summary: AlertSummary;
  readonly nights: number;
  /** Nights in which nobody could be scored yet. */
  readonly learningNights: number;
};

export type Backtest = {
  readonly configured: BacktestResult;
  readonly whatIf?: BacktestResult & { readonly compared: ComparedAlerts };
};

/** Runs a backtest and writes its files: of the configured settings into `out`, of others below it. */
export async function backtest(input: BacktestInput): Promise<Backtest> {
  const { opened, span, configured, whatIf, out } = input;
  await writeResult(out, "rejected.ndjson", linesOf(opened.rejected.map(jsonLine)));
  const planned = [
    { settings: configured, folder: out },
    ...(whatIf === undefined ? [] : [{ settings: whatIf, folder: join(out, "what-if") }]),
  ];
  // All directories before any file is opened: one of them may be refused.
  const placed = await Promise.all(
    planned.map(async (plan) => ({
      ...plan,
      directory: await opened.directoryFor(plan.settings),
    })),
  );
  const variants = await Promise.all(placed.map(newVariant));
  const results = await runBacktest(opened.source, span, variants, input.rules, (day, done, of) =>
    input.say(`replaying ${day}: day ${done} of ${of}`),
  );
  const finished: BacktestResult[] = [];
  for (const [index, variant] of variants.entries()) {
    const result = results[index];
    if (result !== undefined) {
      finished.push(await variant.finish(result, opened, span));
    }
  }
  const [first, second] = finished;
  if (first === undefined) {
    throw new Error("a backtest must have settings");
  }
  if (second === undefined) {
    return { configured: first };
  }
  const compared = compareAlerts(first.alerts, second.alerts);
  await writeResult(out, "what-if.json", jsonText(comparisonOf(compared, first, second)));
  return { configured: first, whatIf: { ...second, compared } };
}

async function newVariant({
  settings,
  directory,
  folder,
}: Pick<Variant, "settings" | "directory"> & { readonly folder: string }) {
  const scores = await lineFile(folder, "scores.ndjson");
  const tally = { nights: 0, learningNights: 0, scored: 0, unscored: 0 };
  return {
    settings,
    directory,
    onNight: async (night: ScoredNight) => {
      const { people, learning } = night.summary;
      tally.nights += 1;
      tally.learningNights += learning === undefined ? 0 : 1;
      tally.scored += people.scored;
      tally.unscored += people.unscored;
      await scores.append(windowLines(night));
    },
    finish: (result: VariantResult, { lines, rejected }: OpenedSource, span: BacktestSpan) =>
      finish(result, { tally, folder, scores, span, lines, rejected }),
  };
}

type Finishing = {
  readonly tally: Record<"nights" | "learningNights" | "scored" | "unscored", number>;
  readonly folder: string;
  readonly scores: LineFile;
  readonly span: BacktestSpan;
  readonly lines: OpenedSource["lines"];
  readonly rejected: readonly RejectedLine[];
};

async function finish(
  result: VariantResult,
  { tally, folder, scores, span, lines, rejected }: Finishing,
): Promise<BacktestResult> {
  const { nights, learningNights, scored, unscored } = tally;
  const sessions = result.sessionScores.map(sessionLine);
  await scores.append(sessions);
  await scores.close();
  await writeResult(folder, "alerts.ndjson", linesOf(result.alerts.map(alertLine)));
  await writeResult(folder, "follow-ups.ndjson", linesOf(result.followUps.map(alertLine)));
  const summary = summariseAlerts(result.alerts);
  const scoredSessions = result.sessionScores.filter(({ score }) => /^\w+-scored /.test(score));
  const file = {
    span: { ...span, nights, learningNights },
    alerts: summary,
    followUps: {
      resolved: ofVerdict("resolved", result),
      raised: ofVerdict("raised", result),
    },
    scores: {
      personWindows: { scored, unscored },
      sessions: {
        scored: scoredSessions.length,
        unscored: sessions.length - scoredSessions.length,
      },
    },
    unpricedCalls: result.unpricedCalls,
    answersWithoutAlert: result.answersWithoutAlert,
    ...(lines !== undefined && { lines, rejectedLines: reasonsOf(rejected) }),
  };
  await writeResult(folder, "summary.json", jsonText(file));
  return { ...result, summary, nights, learningNights };
}

function ofVerdict(verdict: ReviewVerdict, { followUps }: VariantResult): number {
  return followUps.filter(({ review }) => review?.verdict === verdict).length;
}

const LINES_SHOWN = 20;

/** Why lines were rejected, most frequent first; all of them are in `rejected.ndjson`. */
export function reasonsOf(rejected: readonly RejectedLine[]) {
  const groups = Map.groupBy(rejected, ({ file, path, message }) =>
    JSON.stringify([file, path, message]),
  );
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) {
        return [];
      }
      const { file, path, message } = first;
      const lines = group.slice(0, LINES_SHOWN).map(({ line }) => line);
      return [{ file, path, message, count: group.length, lines }];
    })
    .sort((a, b) => b.count - a.count);
}

function comparisonOf(
  { both, onlyConfigured, onlyWhatIf }: ComparedAlerts,
  configured: BacktestResult,
  whatIf: BacktestResult,
) {
  const plain = ({ id, type, owner, asOfMs, evidence }: BacktestResult["alerts"][number]) => ({
    id,
    type,
    owner,
    asOf: new Date(asOfMs).toISOString(),
    costNanoUsd: evidence.costNanoUsd,
    excessNanoUsd: evidence.excessNanoUsd,
  });
  return {
    configured: configured.summary,
    whatIf: whatIf.summary,
    both: {
      ...flagged(both.map((pair) => pair.configured)),
      list: both.map((pair) => ({
        configured: plain(pair.configured),
        whatIf: plain(pair.whatIf),
      })),
    },
    onlyConfigured: { ...flagged(onlyConfigured), list: onlyConfigured.map(plain) },
    onlyWhatIf: { ...flagged(onlyWhatIf), list: onlyWhatIf.map(plain) },
  };
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
