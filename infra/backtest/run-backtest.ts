import type { ScoredNight } from "../../functions/score-sessions/score-sessions.ts";
import type { Alert } from "../../shared/alerts/alert.ts";
import type { Directory } from "../../shared/directory/directory.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { addDays, daysBetween, startOfDay } from "../../shared/ledger/calendar.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import type { StoredSessionScore } from "../../shared/ports/session-scores.ts";
import type { PriceBook } from "../../shared/pricing/price-book.ts";
import type { GivenAnswer } from "./read-answers.ts";
import { startReplay, type UsageOfDay } from "./replay.ts";

/** What there is to replay. */
export type BacktestSource = {
  /** The first day with usage. */
  readonly first: Day;
  /** Asked for once for each day, in order. */
  readonly usageOf: (day: Day) => Promise<UsageOfDay>;
  /** In order of time. */
  readonly outcomes: readonly OutcomeEvent[];
  /** What owners answered, in order of time. */
  readonly answers: readonly GivenAnswer[];
};

/** Days `[from, to)` on which alerts are decided; of a night, those of the morning after it. */
export type BacktestSpan = { readonly from: Day; readonly to: Day };

export type Variant = {
  readonly settings: Settings;
  /** The directory, as these settings read it. */
  readonly directory: Directory;
  /** Called with every night of the span, in order. */
  readonly onNight: (night: ScoredNight) => Promise<void>;
};

export type VariantResult = {
  /** In order of time. */
  readonly alerts: readonly Alert[];
  /** What was told of alerts at later ages, in order of time. */
  readonly followUps: readonly Alert[];
  readonly sessionScores: readonly StoredSessionScore[];
  readonly unpricedCalls: number;
  /** Answers to alerts that were not made this time: other settings, or another history. */
  readonly answersWithoutAlert: number;
};

export type BacktestRules = { readonly priceBook: PriceBook; readonly scoredAtMs: number };

/** Days before a span that its first nights learn from: twelve weeks, the week judged, and the warm-up. */
export const NIGHT_HISTORY_DAYS = 91 + 28;

/** Nights before the span: what was told then keeps the span's first nights quiet. */
const WARM_UP_DAYS = 28;

/**
 * Replays a span under each of the given settings, day by day and side by side, so that each day's usage
 * is read once. What is before the span is learnt from.
 */
export async function runBacktest(
  source: BacktestSource,
  span: BacktestSpan,
  variants: readonly Variant[],
  { priceBook, scoredAtMs }: BacktestRules,
  onProgress: (day: Day, done: number, of: number) => void,
): Promise<readonly VariantResult[]> {
  const replays = variants.map(({ settings, directory, onNight }) => ({
    onNight,
    replay: startReplay({
      settings,
      directory,
      priceBook,
      scoredAtMs,
      outcomes: source.outcomes,
      answers: source.answers,
    }),
  }));
  const days = daysBetween(source.first, span.to);
  const scoredFrom = addDays(span.from, -WARM_UP_DAYS);
  for (const [index, day] of days.entries()) {
    const usage = await source.usageOf(day);
    for (const { replay, onNight } of replays) {
      const night = await replay.day(day, usage, day >= scoredFrom);
      if (night !== undefined && day >= span.from) {
        await onNight(night);
      }
    }
    onProgress(day, index + 1, days.length);
  }
  return replays.map(({ replay }) => ({
    answersWithoutAlert: answersWithoutAlert(source.answers, replay.alerts()),
    alerts: toldSince(span.from, replay.alerts()),
    followUps: toldSince(span.from, replay.followUps()),
    sessionScores: replay.sessionScores().filter(({ day }) => day >= span.from),
    unpricedCalls: replay.unpricedCalls(),
  }));
}

function answersWithoutAlert(answers: readonly GivenAnswer[], alerts: readonly Alert[]): number {
  const ids = new Set(alerts.map(({ id }) => id));
  return answers.filter(({ alertId }) => !ids.has(alertId)).length;
}

/** In order of time, and of id. */
function toldSince(from: Day, alerts: readonly Alert[]): readonly Alert[] {
  return alerts
    .filter(({ asOfMs }) => asOfMs >= startOfDay(from))
    .sort((a, b) => a.asOfMs - b.asOfMs || (a.id < b.id ? -1 : 1));
}
