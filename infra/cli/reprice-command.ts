import {
  type RepriceDeps,
  repriceDays,
  unwritten,
} from "../../functions/reprice-roll-ups/reprice-days.ts";
import { readEntriesOfDay } from "../../functions/roll-up/read-entries-of-day.ts";
import { isCalendarDay } from "../../shared/directory/calendar-day.ts";
import { addDays, periodOfMonth } from "../../shared/ledger/calendar.ts";
import { foldVersion } from "../../shared/ledger/fold-user-day.ts";
import {
  type PriceDifference,
  priceDifferences,
  type RepricedDay,
  totalDifference,
} from "../../shared/ledger/price-differences.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import {
  addedUp,
  type UnpricedCalls,
  unpricedCallsOf,
} from "../../shared/ledger/unpriced-calls.ts";
import { exactUsd } from "../../shared/money/nano-usd.ts";
import { CommandError, readArguments, type Terminal, table, usageError } from "./command-line.ts";

const USAGE = `Usage:
  npm run reprice -- --month YYYY-MM [--dry-run] [--deployed]
  npm run reprice -- --from YYYY-MM-DD --to YYYY-MM-DD [--dry-run] [--deployed]

  Works out again what was spent, by the price list and the prices of outpace.config.ts, and by the names
  that the directory knows to be one person; shows what that changes and which calls have no price. The
  ledger is only read.

  --to        the day after the last one
  --dry-run   shows it, and stores nothing
  --deployed  the stack in AWS, instead of the one that runs on this machine`;

const OPTIONS = {
  month: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  "dry-run": { type: "boolean", default: false },
  deployed: { type: "boolean", default: false },
} as const;

export type RepriceCommandDeps = Terminal & {
  readonly connect: (deployed: boolean) => Promise<RepriceDeps>;
};

/** Prices a period again, and says what that changes. */
export async function repriceCommand(
  args: readonly string[],
  { connect, print, remark }: RepriceCommandDeps,
): Promise<void> {
  const { positionals, values } = readArguments(args, OPTIONS, USAGE);
  if (positionals.length > 0) {
    throw usageError(USAGE);
  }
  const period = periodOf(values);
  const stores = await connect(values.deployed);
  const isTrial = values["dry-run"];
  const deps = isTrial ? { ...stores, rollUps: unwritten(stores.rollUps) } : stores;
  const { days, failed } = await repriceDays(deps, { ...period, all: true });
  const unpriced = await unpricedIn(days, deps);
  for (const line of [...differenceLines(days), "", ...unpricedLines(unpriced)]) {
    print(line);
  }
  remark(
    `${personDays(days.length)}, ${period.from} to ${addDays(period.to, -1)}, by ${foldVersion(deps)}${isTrial ? ": nothing was stored" : ""}`,
  );
  if (failed.length > 0) {
    throw new CommandError(
      `${personDays(failed.length)} could not be priced again, the first of ${failed[0]?.day}: run it once more`,
    );
  }
}

type Period = { readonly from: Day; readonly to: Day };
type GivenPeriod = {
  readonly month?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

function periodOf({ month, from, to }: GivenPeriod): Period {
  if (month === undefined) {
    return daysOf(from, to);
  }
  if (from !== undefined || to !== undefined) {
    throw usageError(USAGE, "--month goes without --from and --to");
  }
  if (!isCalendarDay(`${month}-01`)) {
    throw usageError(USAGE, "--month must be a month such as 2026-10");
  }
  return periodOfMonth(month);
}

function daysOf(from: string | undefined, to: string | undefined): Period {
  if (from === undefined || to === undefined) {
    throw usageError(USAGE, "--month, or both --from and --to, must be given");
  }
  if (![from, to].every(isCalendarDay)) {
    throw usageError(USAGE, "--from and --to must be days such as 2026-10-01");
  }
  if (from >= to) {
    throw usageError(USAGE, `--from ${from} must be before --to ${to}`);
  }
  return { from, to };
}

function personDays(count: number): string {
  return count === 1 ? "1 person-day" : `${count} person-days`;
}

async function unpricedIn(
  days: readonly RepricedDay[],
  deps: RepriceDeps,
): Promise<readonly UnpricedCalls[]> {
  const rows: UnpricedCalls[] = [];
  const namesOf = await deps.namesOf();
  for (const { after } of days) {
    if (after.unpricedCalls > 0) {
      const entries = await readEntriesOfDay(deps.ledger, namesOf(after.user), after.day);
      rows.push(...unpricedCallsOf(after.user, after.day, entries, deps));
    }
  }
  return addedUp(rows);
}

const DIFFERENCE_HEADINGS = [
  "TOOL",
  "PROVIDER",
  "MODEL",
  "CALLS",
  "BEFORE USD",
  "AFTER USD",
  "DIFFERENCE",
  "UNPRICED BEFORE",
  "AFTER",
];

/** The models that something changes for, and the total of all. */
function differenceLines(days: readonly RepricedDay[]): readonly string[] {
  const all = priceDifferences(days);
  const changed = all.filter(
    (each) =>
      each.beforeNanoUsd !== each.afterNanoUsd || each.unpricedBefore !== each.unpricedAfter,
  );
  return table(DIFFERENCE_HEADINGS, [
    ...changed.map((each) => [each.tool, each.provider, each.model, ...cells(each)]),
    ["all", "", "", ...cells(totalDifference(all))],
  ]);
}

function cells(difference: Omit<PriceDifference, "tool" | "provider" | "model">): string[] {
  const { calls, beforeNanoUsd, afterNanoUsd, unpricedBefore, unpricedAfter } = difference;
  return [
    String(calls),
    exactUsd(beforeNanoUsd),
    exactUsd(afterNanoUsd),
    exactUsd(afterNanoUsd - beforeNanoUsd),
    String(unpricedBefore),
    String(unpricedAfter),
  ];
}

/** What a price lacks, in words. */
const REASONS: Readonly<Record<UnpricedCalls["reason"], string>> = {
  "unknown-model": "no price list knows the model",
  "no-rate": "the model has no price for a kind of token that is used",
  "no-tier-price": "the price list knows the standard tier only",
  "no-credit-price": "no rule says what a credit costs",
  "no-exchange-rate": "no exchange rate is in force on the day",
  "sum-of-calls": "a sum of calls, of which no rule says what it costs",
};

function unpricedLines(rows: readonly UnpricedCalls[]): readonly string[] {
  return rows.length === 0
    ? ["Every call has a price."]
    : table(
        ["UNPRICED TOOL", "PROVIDER", "MODEL", "TIER", "CALLS", "WHY"],
        rows.map(({ tool, provider, model, tier, calls, reason }) => [
          tool,
          provider,
          model,
          tier,
          String(calls),
          REASONS[reason],
        ]),
      );
}
