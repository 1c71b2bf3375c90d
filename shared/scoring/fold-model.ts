import type { Behaviour } from "./behaviour.ts";
import { type Comparison, comparison, type Deviations, moreUnusual, picked } from "./comparison.ts";
import { countedEvidence, type Signal } from "./evidence.ts";
import { quantile } from "./order-statistics.ts";
import {
  expectedLogCost,
  fitSpend,
  type SpendModel,
  type SpendObservation,
} from "./spend-regression.ts";
import type { UserWindow } from "./user-windows.ts";

/** One signal of every unit, in the order of the units. */
export type SignalValues = Deviations & { readonly signal: Signal };

/** The model of one half of history, applied to all units. */
export type FoldModel = {
  readonly signals: readonly SignalValues[];
  /** Log cost above what the delivery of a unit and its cohort explain. */
  readonly residuals: readonly number[];
  /** The same above what its peers share in its week, too. */
  readonly excess: readonly number[];
  /** The same above the person's own usual. */
  readonly ownExcess: readonly number[];
  /** Middle 80 % of excess log cost in the fitted half, from its centre. */
  readonly lowExcess: number;
  readonly highExcess: number;
  /** Evidence of the strongest signals together, higher is more unusual; see {@link countedEvidence}. */
  readonly scores: readonly number[];
  /** Log of how much more `other` delivery units cost than those of a unit. */
  readonly logCostOfCredit: (unit: UserWindow, other: number) => number;
};

/** Units that show a ratio, below which nobody knows what is usual. */
const FEWEST_SHOWING = 20;
/** Share of weeks that deliver no more than what the regression is trusted for. */
const USUAL_CREDIT = 0.9;

/** @param fitted Positions of the units that the model learns from. */
export function fitFold(
  units: readonly UserWindow[],
  fitted: readonly number[],
  behaviours: readonly Behaviour[],
): FoldModel {
  const usualCredit = quantile(picked(units, fitted).map(creditOf), USUAL_CREDIT);
  const rows = units.map((unit) => spendRow(unit, usualCredit));
  const model = fitSpend(picked(rows, fitted));
  const residuals = rows.map((row) => row.logCost - expectedLogCost(model, row));
  const cost = comparison(units, residuals, fitted);
  const signals: readonly SignalValues[] = [
    { signal: "cost-given-delivery", ...cost.peers },
    { signal: "own-usual", ...cost.own },
    ...behaviours.map((behaviour) => behaviourSignal(units, behaviour, fitted)),
  ];
  const centred = picked(cost.peers.deviation, fitted);
  return {
    signals,
    residuals,
    excess: cost.peers.deviation,
    ownExcess: cost.beyondUsual,
    lowExcess: quantile(centred, 0.1),
    highExcess: quantile(centred, 0.9),
    scores: scoresOf(units, signals, dearerWeeks(units, cost, fitted)),
    logCostOfCredit: (unit, other) =>
      logCostFor(model, { ...unit, credit: other }, usualCredit) -
      logCostFor(model, unit, usualCredit),
  };
}

function scoresOf(
  units: readonly UserWindow[],
  signals: readonly SignalValues[],
  isDearer: readonly boolean[],
): readonly number[] {
  return units.map((_, at) =>
    countedEvidence(
      signals.map(({ signal, z }) => ({ signal, z: z[at] ?? 0 })),
      isDearer[at] ?? false,
    ).reduce((a, b) => a + b, 0),
  );
}

/**
 * Weeks that cost more than their delivery explains, or more than the person's weeks usually cost: who
 * delivers in many small tasks looks cheap by the first alone.
 */
function dearerWeeks(
  units: readonly UserWindow[],
  cost: Comparison,
  fitted: readonly number[],
): readonly boolean[] {
  const spend = comparison(
    units,
    units.map(({ costUsd }) => Math.log(costUsd)),
    fitted,
  );
  const respects = [cost.peers.z, cost.own.z, spend.own.z];
  return units.map((_, at) => respects.some((z) => (z[at] ?? 0) > 0));
}

function logCostFor(model: SpendModel, unit: UserWindow, usualCredit: number): number {
  return expectedLogCost(model, spendRow(unit, usualCredit)) + logBeyond(unit, usualCredit);
}

/**
 * Regression on delivery is flatter than the truth, as credit is a noisy measure of work; harmless
 * among usual weeks, but it would accuse whoever does the work of five. Beyond what nine in ten
 * weeks deliver, every further unit may cost what a unit costs there.
 */
function spendRow(unit: UserWindow, usualCredit: number): SpendObservation {
  const { costUsd, credit, cohort } = unit;
  return {
    logCost: Math.log(costUsd) - logBeyond(unit, usualCredit),
    credit: Math.min(credit, usualCredit),
    cohort,
  };
}

function logBeyond({ credit }: UserWindow, usualCredit: number): number {
  return Math.log1p(Math.max(credit, usualCredit)) - Math.log1p(usualCredit);
}

function creditOf({ credit }: UserWindow): number {
  return credit;
}

/** A unit whose ratio is not known is taken as usual, and so are all while too few show theirs. */
function behaviourSignal(
  units: readonly UserWindow[],
  { signal, measure, toScale, smallestScale, isHabit }: Behaviour,
  fitted: readonly number[],
): SignalValues {
  const known = [...units.entries()].flatMap(([at, unit]) => {
    const value = measure(unit);
    return value === undefined ? [] : { at, unit, value: toScale(value) };
  });
  const inFit = new Set(fitted);
  const fittedKnown = [...known.keys()].filter((index) => inFit.has(known[index]?.at ?? -1));
  const z = units.map(() => 0);
  const deviation = units.map(() => 0);
  if (fittedKnown.length >= FEWEST_SHOWING) {
    const compared = comparison(
      known.map(({ unit }) => unit),
      known.map(({ value }) => value),
      fittedKnown,
      smallestScale,
    );
    const values = isHabit ? compared.own : moreUnusual(compared);
    for (const [index, { at }] of known.entries()) {
      z[at] = values.z[index] ?? 0;
      deviation[at] = values.deviation[index] ?? 0;
    }
  }
  return { signal, z, deviation };
}
