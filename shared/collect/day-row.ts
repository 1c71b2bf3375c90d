import { startOfDay } from "../ledger/calendar.ts";
import type { Day } from "../ledger/roll-ups.ts";
import { givenFields } from "../usage/given-fields.ts";
import type { Reading } from "../usage/reading.ts";
import { NO_TOKENS, type SentUsage } from "../usage/usage-event.ts";

/** What a report's row says of a person's day. */
export type DayRow = {
  /** The report, and all that tells its rows of one day apart. */
  readonly row: readonly (string | undefined)[];
  readonly day: Day;
  readonly asOfMs: number;
} & Pick<SentUsage, "tool" | "provider" | "model"> &
  Partial<Pick<SentUsage, "tokens">> & {
    readonly [K in "subject" | "calls" | "tier" | "reportedCostNanoUsd"]?: SentUsage[K] | undefined;
  };

/**
 * A row of a daily report as a record of grain `day`, that replaces what the same row said before.
 * Parts of the row's name are told apart also where one of them is missing.
 */
export function dayRow({ row, day, asOfMs, ...said }: DayRow): Reading {
  const of = JSON.stringify([day, ...row.map((part) => part ?? null)]);
  const { subject, calls, tier, reportedCostNanoUsd, ...fixed } = said;
  return {
    kind: "accepted",
    event: {
      tokens: NO_TOKENS,
      ...fixed,
      id: `${of}@${asOfMs}`,
      grain: "day",
      timeMs: startOfDay(day),
      session: "-",
      revision: { of, asOfMs },
      ...givenFields({ subject, calls, tier, reportedCostNanoUsd }),
    },
  };
}
