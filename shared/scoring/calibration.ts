import { ascending, countBelow } from "../order-statistics.ts";
import { rejections } from "./benjamini-hochberg.ts";
import { averagedTailProbability, type TailProbability, tailProbability } from "./censored-tail.ts";
import { joined } from "./column.ts";

const BODY_SHARE = 0.8;
const CENSORED_SHARE = 0.05;
const CLEANING_BODY_SHARE = 0.75;
/** Each pass trusts a little more of the highest scores that the one before left. */
const CLEANING_CENSORED_SHARES = [0.15, 0.1] as const;
const CLEANING_FALSE_DISCOVERY_RATE = 0.25;

/**
 * Calibration scores, ascending, without those that are themselves far out: history is not free of waste.
 *
 * @param isVouchedFor Whether somebody said of a score, by its position, that all was well: it stays.
 */
export function selfCleaned(
  calibration: readonly number[],
  isVouchedFor: readonly boolean[] = [],
): Float64Array {
  const sorted = ascending(calibration);
  const vouchedFor = ascending(calibration.filter((_, at) => isVouchedFor[at] === true));
  let kept = sorted;
  for (const censoredShare of CLEANING_CENSORED_SHARES) {
    const tail = tailProbability(kept, { bodyShare: CLEANING_BODY_SHARE, censoredShare });
    // The higher a score, the lower its p-value: what is rejected are the last of them.
    const rejected = rejections(
      (rank) => tail(sorted.at(-1 - rank) ?? 0),
      sorted.length,
      CLEANING_FALSE_DISCOVERY_RATE,
    );
    const lasting = sorted.length - rejected;
    const lowestRejected = sorted[lasting] ?? Number.POSITIVE_INFINITY;
    kept = joined([
      sorted.subarray(0, lasting),
      vouchedFor.subarray(countBelow(vouchedFor, lowestRejected)),
    ]);
  }
  return kept;
}

/** p-values by calibration scores, cleaned first; and how many were left to judge by. */
export function calibratedTail(
  calibration: readonly number[],
  isVouchedFor?: readonly boolean[],
): {
  readonly tail: TailProbability;
  readonly units: number;
} {
  const cleaned = selfCleaned(calibration, isVouchedFor);
  const settings = { bodyShare: BODY_SHARE, censoredShare: CENSORED_SHARE };
  return { tail: averagedTailProbability(cleaned, settings), units: cleaned.length };
}

/** Scores of one fold: of history that its model has not seen, and of the units to be judged. */
export type FoldScores = {
  readonly calibration: readonly number[];
  /** Which of them cleaning must keep; none by default. */
  readonly isVouchedFor?: readonly boolean[];
  readonly judged: readonly number[];
};

/**
 * p-values of the judged units: the geometric mean over the folds, each calibrated on its own
 * cleaned history. That mean is measured to hold, as the folds agree; it is not a theorem.
 */
export function calibratedPValues(folds: readonly FoldScores[]): {
  readonly pValues: readonly number[];
  /** Calibration units left after cleaning, over all folds. */
  readonly calibrationUnits: number;
} {
  const calibrated = folds.map(({ calibration, isVouchedFor, judged }) => {
    const { tail, units } = calibratedTail(calibration, isVouchedFor);
    return { units, logP: judged.map((score) => Math.log(tail(score))) };
  });
  const [first] = calibrated;
  return {
    pValues: (first?.logP ?? []).map((_, at) => {
      const sum = calibrated.reduce((total, { logP }) => total + (logP[at] ?? 0), 0);
      return Math.exp(sum / calibrated.length);
    }),
    calibrationUnits: calibrated.reduce((total, { units }) => total + units, 0),
  };
}
