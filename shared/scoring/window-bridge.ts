import { byPerson } from "../directory/by-person.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import type { Day, UserDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, nanoUsdFromNumber, usdForStatistics } from "../money/nano-usd.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import type { FoldModel } from "./fold-model.ts";
import { countsAsUsual, FEWEST_OWN_WEEKS, isRecentPast } from "./own-history.ts";
import { type UsageProfile, usageProfile } from "./usage-profile.ts";
import type { UserWindow } from "./user-windows.ts";
import { type BridgeStep, varianceBridge } from "./variance-bridge.ts";

export type WindowBridgeContext = {
  /** All windows that can be compared. */
  readonly units: readonly UserWindow[];
  readonly folds: readonly FoldModel[];
  readonly userDays: readonly UserDay[];
  readonly directory: DirectoryLookup;
};

/** What leads from the spend of comparable people to that of one window. */
export type WindowBridge = (unit: UserWindow, expectedNanoUsd: NanoUsd) => readonly BridgeStep[];

/**
 * Bridges of any windows: less delivered than usual, a usual level that is not that of others, then
 * calls, their size, models, caching and prices against the person's own recent windows. A person
 * without enough of these is compared with the cohort's.
 */
export function windowBridges(context: WindowBridgeContext): WindowBridge {
  const { folds } = context;
  const byUser = Map.groupBy(context.units, ({ user }) => user);
  const byCohort = Map.groupBy(context.units, ({ cohort }) => cohort);
  const days = byPerson(context.userDays, context.directory);
  const daysOf = (person: UserPseudonym) => days.get(person) ?? [];
  return (unit, expectedNanoUsd) => {
    const own = (byUser.get(unit.user) ?? [])
      .filter(countsAsUsual)
      .filter(({ week }) => isRecentPast(week, unit.week));
    const hasOwn = own.length >= FEWEST_OWN_WEEKS;
    const usual = hasOwn
      ? own
      : (byCohort.get(unit.cohort) ?? []).filter(({ week }) => week < unit.week);
    return varianceBridge({
      fromNanoUsd: expectedNanoUsd,
      before: hasOwn ? towardsOwnUsual(unit, own, expectedNanoUsd, folds) : [],
      usual: profileOfWindows(usual, daysOf),
      actual: profileOfWindows([unit], daysOf),
    });
  };
}

function towardsOwnUsual(
  unit: UserWindow,
  own: readonly UserWindow[],
  expectedNanoUsd: NanoUsd,
  folds: readonly FoldModel[],
): readonly BridgeStep[] {
  const mean = (of: (window: UserWindow) => number) =>
    own.reduce((sum, window) => sum + of(window), 0) / own.length;
  const usualCredit = mean(({ credit }) => credit);
  const logRatio =
    folds.reduce((sum, fold) => sum + fold.logCostOfCredit(unit, usualCredit), 0) / folds.length;
  const atUsualCredit = nanoUsdFromNumber(usdForStatistics(expectedNanoUsd) * Math.exp(logRatio));
  const ownUsual = nanoUsdFromNumber(mean(({ costUsd }) => costUsd));
  return [
    { step: "delivery", changeNanoUsd: atUsualCredit - expectedNanoUsd },
    { step: "usual-level", changeNanoUsd: ownUsual - atUsualCredit },
  ];
}

/** How the money of windows was used up. */
export function profileOfWindows(
  windows: readonly UserWindow[],
  daysOf: (person: UserPseudonym) => readonly UserDay[],
): UsageProfile {
  const byUser = Map.groupBy(windows, ({ user }) => user);
  const isWithin = (day: Day, { window: { from, to } }: UserWindow) => from <= day && day < to;
  return usageProfile(
    [...byUser].flatMap(([user, own]) =>
      daysOf(user).flatMap(({ day, lines }) =>
        own.some((window) => isWithin(day, window)) ? lines : [],
      ),
    ),
  );
}
