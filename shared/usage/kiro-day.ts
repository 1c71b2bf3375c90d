import { isCalendarDay } from "../directory/calendar-day.ts";
import { normalisedSubject } from "../directory/subject.ts";
import { startOfDay } from "../ledger/calendar.ts";
import { EARLIEST_TIME_MS } from "./field-limits.ts";
import { type Credits, NO_TOKENS, type SentUsage } from "./usage-event.ts";

export const KIRO_TOOL = "kiro";

/** Millionths in one credit. */
const MILLION = 1_000_000;

/** More credits than one person can use in a day by far. */
const MAX_CREDITS = 1_000_000_000;

/** What Kiro calls a row: one client of one person on one day. */
export type KiroDay = {
  /** Calendar day in UTC, `YYYY-MM-DD`. */
  readonly day: string;
  /** Id in IAM Identity Center. */
  readonly userId: string;
  /** `KIRO_IDE`, `KIRO_CLI` or `PLUGIN`; may get more. */
  readonly clientType: string;
  /** When Kiro said so, milliseconds since 1970 UTC. */
  readonly asOfMs: number;
};

/** The two amounts of a day. Kiro's metrics send each by itself, its CSV both in one line. */
export type KiroAmount = keyof Credits;

/**
 * One amount of a day of Kiro, in whole millionths of a credit.
 *
 * The two are entries of their own, and restated each by itself, so that a day whose amounts come
 * apart (in another request, or one of them not at all yet) is right as soon as both are there. The
 * same day by CSV and by telemetry makes the same entries. Of the two, the first counts as the day's
 * one call.
 */
export function kiroDayRow(row: KiroDay, amount: KiroAmount, millionths: number): SentUsage {
  const { day, userId, clientType, asOfMs } = row;
  const of = `kiro:${day}:${userId}:${clientType}${amount === "used" ? "" : ":overage"}`;
  return {
    id: `${of}@${asOfMs}`,
    grain: "day",
    timeMs: startOfDay(day),
    subject: normalisedSubject(`${KIRO_TOOL}:${userId}`),
    session: "-",
    tool: KIRO_TOOL,
    provider: KIRO_TOOL,
    model: "-",
    tokens: NO_TOKENS,
    revision: { of, asOfMs },
    calls: amount === "used" ? 1 : 0,
    credits: { used: 0, overage: 0, [amount]: millionths },
  };
}

/** Credits in whole millionths, rounded; `undefined` if it is no amount of credits. */
export function creditMillionths(credits: number): number | undefined {
  return credits >= 0 && credits <= MAX_CREDITS ? Math.round(credits * MILLION) : undefined;
}

/** Whether a text is a day that Kiro can have been used on, as `YYYY-MM-DD`. */
export function isKiroDay(text: string): boolean {
  return isCalendarDay(text) && startOfDay(text) >= EARLIEST_TIME_MS;
}
