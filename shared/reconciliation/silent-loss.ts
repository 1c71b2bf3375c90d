import { addDays, daysBetween } from "../ledger/calendar.ts";
import type { Day, UserDay } from "../ledger/roll-ups.ts";
import { NANO_USD_PER_USD, type NanoUsd, sumNanoUsd } from "../money/nano-usd.ts";
import type { Reconciled } from "./reconcile.ts";

/** A gap is worth a person's time above both: a dollar, and 0.5 % of what was reported. */
const LEAST_GAP_NANO_USD = NANO_USD_PER_USD;
const LEAST_GAP_PER_MILLE = 5n;

/** A source that was in use and says nothing any more. */
export type QuietSource = {
  readonly tool: string;
  /** The last day on which it stated spend. */
  readonly lastDay: Day;
};

/**
 * Tools that stated calls on the same weekday a week ago and on at least three of the seven days
 * before, and none on `day`. The weekday keeps weekends from being news, the three days a tool that
 * somebody tried once.
 */
export function quietSources(userDays: readonly UserDay[], day: Day): readonly QuietSource[] {
  const daysOf = activeDays(userDays);
  const before = addDays(day, -7);
  return [...daysOf]
    .flatMap(([tool, days]) => {
      const recent = daysBetween(before, day).filter((active) => days.has(active));
      const wasInUse = days.has(before) && recent.length >= 3;
      const lastDay = recent.at(-1);
      return wasInUse && !days.has(day) && lastDay !== undefined ? [{ tool, lastDay }] : [];
    })
    .sort((a, b) => (a.tool < b.tool ? -1 : 1));
}

/** Days on which a tool stated calls, in telemetry; a daily report comes by itself later. */
function activeDays(userDays: readonly UserDay[]): ReadonlyMap<string, ReadonlySet<Day>> {
  const days = new Map<string, Set<Day>>();
  for (const { day, lines, otherGrain = [] } of userDays) {
    for (const { tool, grain } of [...lines, ...otherGrain]) {
      if (grain !== "day") {
        days.set(tool, (days.get(tool) ?? new Set()).add(day));
      }
    }
  }
  return days;
}

/** What a provider said of a period beyond what telemetry saw. */
export type ProviderGap = Pick<Reconciled, "provider" | "against" | "period"> & {
  readonly missingInTelemetryNanoUsd: NanoUsd;
  readonly reportedNanoUsd: NanoUsd;
};

/** Gaps of a period that are large enough to tell of, persons taken together. */
export function providerGaps(
  reconciled: readonly Reconciled[],
  period: string,
): readonly ProviderGap[] {
  const rows = reconciled.filter((row) => row.period === period);
  const groups = Map.groupBy(rows, ({ provider, against }) => `${provider} ${against}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const missing = sumNanoUsd(group.map((row) => row.missingInTelemetryNanoUsd));
    const reported = sumNanoUsd(group.map((row) => row.reportedNanoUsd));
    return first !== undefined &&
      missing > LEAST_GAP_NANO_USD &&
      missing * 1_000n > reported * LEAST_GAP_PER_MILLE
      ? [
          {
            provider: first.provider,
            against: first.against,
            period,
            missingInTelemetryNanoUsd: missing,
            reportedNanoUsd: reported,
          },
        ]
      : [];
  });
}
