import { knownBehaviours } from "./behaviour.ts";
import { shownBehaviour } from "./behaviour-signal.ts";
import { calibratedPValues } from "./calibration.ts";
import { comparer } from "./comparison.ts";
import { type FoldModel, fitFold } from "./fold-model.ts";
import { type OwnPast, ownPast } from "./own-history.ts";
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
      /** Whose past is whose, by position among the units. */
      readonly past: OwnPast;
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
  const history = units.filter(({ week }) => week < lastWeek);
  const weeks = [...new Set(history.map(({ week }) => week))];
  if ([0, 1].some((parity) => weeks.filter((w) => w % 2 === parity).length < FEWEST_WEEKS / 2)) {
    return { kind: "learning", reason: "under-4-weeks-of-history" };
  }
  const calibrateFrom = Math.min(WEEKS_WITHOUT_PAST, lastWeek - FEWEST_WEEKS);
  // What is judged is above the floor, so what it is calibrated on has to be.
  const isCalibration = ({ week, costUsd, learning }: UserWindow) =>
    week >= calibrateFrom && week < lastWeek && costUsd >= minSpendUsd && learning !== "left-out";
  if (history.filter(isCalibration).length < FEWEST_CALIBRATION_UNITS) {
    return { kind: "learning", reason: "under-60-calibration-units" };
  }
  const judged = positionsOf(
    units,
    ({ week, costUsd }) => week === lastWeek && costUsd >= minSpendUsd,
  );
  const past = ownPast(units);
  const compare = comparer(units, past);
  const behaviours = knownBehaviours(units).map((each) => shownBehaviour(units, each, compare));
  const input = { units, compare, behaviours };
  const folds = [0, 1].map((parity) => {
    const isOfFold = ({ week }: UserWindow) => week % 2 === parity;
    const model = fitFold(
      input,
      positionsOf(units, (unit) => unit.week < lastWeek && isOfFold(unit)),
    );
    const others = positionsOf(units, (unit) => isCalibration(unit) && !isOfFold(unit));
    return {
      model,
      calibration: Array.from(others, model.scoreOf),
      isVouchedFor: Array.from(others, (at) => units[at]?.learning === "vouched-for"),
      judged: Array.from(judged, model.scoreOf),
    };
  });
  const { pValues, calibrationUnits } = calibratedPValues(folds);
  return {
    kind: "judged",
    folds: folds.map(({ model }) => model),
    past,
    calibrationUnits,
    judgements: [...judged.entries()].flatMap(([index, at]) => {
      const unit = units[at];
      return unit === undefined ? [] : [{ unit, at, p: pValues[index] ?? 1 }];
    }),
  };
}

function positionsOf(
  units: readonly UserWindow[],
  isMeant: (unit: UserWindow) => boolean,
): Int32Array {
  const positions = new Int32Array(units.length);
  let count = 0;
  let at = 0;
  for (const unit of units) {
    if (isMeant(unit)) {
      positions[count] = at;
      count += 1;
    }
    at += 1;
  }
  return positions.slice(0, count);
}
