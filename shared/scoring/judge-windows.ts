import { knownBehaviours } from "./behaviour.ts";
import { shownBehaviour } from "./behaviour-signal.ts";
import { calibratedPValues } from "./calibration.ts";
import { comparer } from "./comparison.ts";
import { type FoldModel, fitFold } from "./fold-model.ts";
import type { UserWindow } from "./user-windows.ts";

/** Why nothing is scored yet. */
export type LearningReason = "under-4-weeks-of-history" | "under-60-calibration-units";

export type Judgement = {
  readonly unit: UserWindow;
  readonly p: number;
  /** What each fold says of the unit, at this position in its values. */
  readonly at: number;
};

export type WindowJudgements =
  | { readonly kind: "learning"; readonly reason: LearningReason }
  | {
      readonly kind: "judged";
      readonly judgements: readonly Judgement[];
      readonly folds: readonly FoldModel[];
      readonly calibrationUnits: number;
    };

const FEWEST_WEEKS = 4;
const FEWEST_CALIBRATION_UNITS = 60;
/** Weeks at the start of history have no own past to be compared with, where there are enough. */
const WEEKS_WITHOUT_PAST = 3;

/**
 * p-values of the windows of the last week with at least `minSpendUsd`. Each half of history, even
 * and odd weeks, is judged by a model of the other half, which calibrates that model.
 *
 * @param units Comparable windows of all weeks.
 * @param lastWeek The week to be judged; all weeks before it are history.
 */
export function judgeWindows(
  units: readonly UserWindow[],
  lastWeek: number,
  minSpendUsd: number,
): WindowJudgements {
  const history = [...units.entries()].filter(([, { week }]) => week < lastWeek);
  const weeks = [...new Set(history.map(([, { week }]) => week))];
  if ([0, 1].some((parity) => weeks.filter((w) => w % 2 === parity).length < FEWEST_WEEKS / 2)) {
    return { kind: "learning", reason: "under-4-weeks-of-history" };
  }
  const calibrateFrom = Math.min(WEEKS_WITHOUT_PAST, lastWeek - FEWEST_WEEKS);
  // What is judged is above the floor, so what it is calibrated on has to be.
  const calibration = history.filter(
    ([, { week, costUsd, learning }]) =>
      week >= calibrateFrom && costUsd >= minSpendUsd && learning !== "left-out",
  );
  if (calibration.length < FEWEST_CALIBRATION_UNITS) {
    return { kind: "learning", reason: "under-60-calibration-units" };
  }
  const judged = [...units.entries()].filter(
    ([, { week, costUsd }]) => week === lastWeek && costUsd >= minSpendUsd,
  );
  const compare = comparer(units);
  const behaviours = knownBehaviours(units).map((each) => shownBehaviour(units, each, compare));
  const input = { units, compare, behaviours };
  const folds = [0, 1].map((parity) => {
    const fitted = history.filter(([, { week }]) => week % 2 === parity).map(([at]) => at);
    const model = fitFold(input, fitted);
    const scoreOf = ([at]: readonly [number, UserWindow]) => model.scores[at] ?? 0;
    const others = calibration.filter(([, { week }]) => week % 2 !== parity);
    return {
      model,
      calibration: others.map(scoreOf),
      isVouchedFor: others.map(([, { learning }]) => learning === "vouched-for"),
      judged: judged.map(scoreOf),
    };
  });
  const { pValues, calibrationUnits } = calibratedPValues(folds);
  return {
    kind: "judged",
    folds: folds.map(({ model }) => model),
    calibrationUnits,
    judgements: judged.map(([at, unit], position) => ({ unit, at, p: pValues[position] ?? 1 })),
  };
}
