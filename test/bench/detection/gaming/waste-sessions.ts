import type { Random } from "../../../../infra/demo/random.ts";
import { type CostMix, scaledTokens, tokensWorth } from "../organisation/session-tokens.ts";
import {
  costUsd,
  HOUR_MS,
  type UserWeek,
  type WorkSession,
  weekStartMs,
} from "../organisation/work.ts";

export type WasteShape = {
  readonly usd: number;
  readonly label: string;
  readonly firstMs?: number;
  readonly lastMs?: number;
  readonly calls?: number;
  readonly mix?: CostMix;
  readonly agents?: number;
  readonly distinctShare?: number;
  readonly branch?: string;
  readonly commits?: readonly string[];
};

const WORK_DAYS = 5;

/** A session that wastes `usd`, else like one of the person's own of that week: its model and pace. */
export function wasteSession(random: Random, week: UserWeek, shape: WasteShape): WorkSession {
  const like = anySession(random, week);
  const { usd, label, mix, branch } = shape;
  const likeUsd = Math.max(0.01, costUsd([like]));
  const calls = shape.calls ?? Math.max(2, Math.round((like.calls * usd) / likeUsd));
  const firstMs = shape.firstMs ?? workHour(random, week.week);
  const lastMs =
    shape.lastMs ?? firstMs + Math.min(5 * HOUR_MS, calls * random.between(15_000, 50_000));
  const { branch: _, ...others } = like;
  return {
    ...others,
    id: `${week.user}-w${week.week}-${label}`,
    firstMs,
    lastMs: Math.round(lastMs),
    calls,
    tokens: tokensWorth(random, like.model, usd / like.priceFactor, mix),
    agents: shape.agents ?? like.agents,
    distinctShare: shape.distinctShare ?? like.distinctShare,
    ...(branch === undefined ? {} : { branch }),
    commits: shape.commits ?? [],
  };
}

/** `usd` in this many parts, none of them less than a third of an equal one. */
export function parts(random: Random, usd: number, count: number): readonly number[] {
  const weights = Array.from({ length: count }, () => random.between(0.5, 1.5));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (usd * weight) / total);
}

export function anySession(random: Random, { sessions }: UserWeek): WorkSession {
  const session = sessions[random.whole(0, sessions.length - 1)];
  if (session === undefined) {
    throw new RangeError("only a week with sessions can be gamed");
  }
  return session;
}

/** A start in work hours of a work day. */
export function workHour(random: Random, week: number): number {
  return hourOf(week, random.whole(0, WORK_DAYS - 1), random.between(8, 17.5));
}

export function hourOf(week: number, day: number, hour: number): number {
  return Math.round(weekStartMs(week) + (day * 24 + hour) * HOUR_MS);
}

/** The same session with this many times the tokens, and as many more calls. */
export function inflated(session: WorkSession, factor: number): WorkSession {
  return {
    ...session,
    tokens: scaledTokens(session.tokens, factor),
    calls: Math.max(1, Math.round(session.calls * factor)),
  };
}
