import type { DirectoryLookup } from "../directory/directory.ts";
import type { Day, UserDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, nanoUsdFromNumber, usdForStatistics } from "../money/nano-usd.ts";
import type { FoldModel } from "./fold-model.ts";
import { FEWEST_OWN_WEEKS, isRecentPast } from "./own-history.ts";
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

/**
 * What leads from the spend of comparable people to that of one window: less delivered than usual,
 * a usual level that is not that of others, then calls, their size, models, caching and prices
 * against the person's own recent windows. A person without enough of these is compared with the
 * cohort's.
 */
export function windowBridge(
  unit: UserWindow,
  expectedNanoUsd: NanoUsd,
  { units, folds, userDays, directory }: WindowBridgeContext,
): readonly BridgeStep[] {
  const own = units.filter(({ user, week }) => user === unit.user && isRecentPast(week, unit.week));
  const hasOwn = own.length >= FEWEST_OWN_WEEKS;
  const usual = hasOwn
    ? own
    : units.filter(({ cohort, week }) => cohort === unit.cohort && week < unit.week);
  return varianceBridge({
    fromNanoUsd: expectedNanoUsd,
    before: hasOwn ? towardsOwnUsual(unit, own, expectedNanoUsd, folds) : [],
    usual: profileOfWindows(usual, userDays, directory),
    actual: profileOfWindows([unit], userDays, directory),
  });
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
  userDays: readonly UserDay[],
  { personOf }: Pick<DirectoryLookup, "personOf">,
): UsageProfile {
  const byUser = Map.groupBy(windows, ({ user }) => user);
  const isWithin = (day: Day, { window: { from, to } }: UserWindow) => from <= day && day < to;
  return usageProfile(
    userDays.flatMap(({ user, day, lines }) =>
      byUser.get(personOf(user))?.some((window) => isWithin(day, window)) ? lines : [],
    ),
  );
}
