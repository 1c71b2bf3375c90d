import { dayOf, startOfDay } from "../../../../shared/ledger/calendar.ts";
import type { OutcomeEvent } from "../../../../shared/outcomes/outcome-event.ts";
import { listCost, type PricedModel, type SessionTokens } from "./priced-models.ts";

/** A Monday. Week 0 begins here. */
export const FIRST_DAY = "2026-06-01";
export const HISTORY_WEEKS = 10;
export const TEST_WEEKS = 6;
export const WEEKS = HISTORY_WEEKS + TEST_WEEKS;
export const HOUR_MS = 3_600_000;
export const WEEK_MS = 7 * 24 * HOUR_MS;
const FIRST_MS = startOfDay(FIRST_DAY);

/** One session, or the part of it that falls on one day. */
export type WorkSession = {
  readonly id: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly model: PricedModel;
  readonly calls: number;
  readonly tokens: SessionTokens;
  /** What the organisation pays for a dollar at list price. */
  readonly priceFactor: number;
  readonly agents: number;
  /** Different requests per call; read by the variant with fingerprints only. */
  readonly distinctShare: number;
  readonly repository: string;
  readonly branch?: string;
  readonly commits: readonly string[];
  /** Difficulty of the task, in standard deviations: the truth, which no judge sees. */
  readonly difficulty: number;
};

/** What one person did in one week, and the outcomes that its sessions led to, whenever these came. */
export type UserWeek = {
  readonly user: string;
  readonly week: number;
  readonly sessions: readonly WorkSession[];
  readonly outcomes: readonly OutcomeEvent[];
};

export type Member = { readonly user: string; readonly team: string };

export type Organisation = {
  readonly seed: number;
  readonly members: readonly Member[];
  readonly weeks: readonly UserWeek[];
};

/** USD, for drawing; the ledger keeps whole nano-USD. */
export function costUsd(sessions: readonly WorkSession[]): number {
  return sessions.reduce((sum, session) => sum + sessionNanoUsd(session), 0) / 1e9;
}

/** Whole nano-USD of a session. */
export function sessionNanoUsd({ model, tokens, priceFactor }: WorkSession): number {
  return Math.round(listCost(model, tokens) * priceFactor);
}

export function weekStartMs(week: number): number {
  return FIRST_MS + week * WEEK_MS;
}

export function weekStartDay(week: number): string {
  return dayOf(weekStartMs(week));
}

export function weekKey(user: string, week: number): string {
  return `${user} ${week}`;
}
