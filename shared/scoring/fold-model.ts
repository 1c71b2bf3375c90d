import { quantile, quantileInPlace } from "../order-statistics.ts";
import { behaviourSignal, type ShownBehaviour, type SignalValues } from "./behaviour-signal.ts";
import { columnOf } from "./column.ts";
import type { Comparer, Comparison } from "./comparison.ts";
import { evidenceTally } from "./evidence.ts";
import {
  expectedLogCost,
  fitSpend,
  type SpendModel,
  type SpendObservation,
} from "./spend-regression.ts";
import type { UserWindow } from "./user-windows.ts";

/** The model of one half of history, applied to all units, which are told by their positions. */
export type FoldModel = {
  readonly signals: readonly SignalValues[];
  /** Log cost above what the delivery of a unit and its cohort explain. */
  readonly residuals: Float64Array;
  /** The same above what its peers share in its week, too. */
  readonly excess: (at: number) => number;
  /** The same above the person's own usual. */
  readonly ownExcess: (at: number) => number;
  /** Middle 80 % of excess log cost in the fitted half, from its centre. */
  readonly lowExcess: number;
  readonly highExcess: number;
  /** Evidence of the strongest signals together, higher is more unusual; see {@link evidenceTally}. */
  readonly scoreOf: (at: number) => number;
  /** Log of how much more `other` delivery units cost than those of a unit. */
  readonly logCostOfCredit: (unit: UserWindow, other: number) => number;
};

/** Share of weeks that deliver no more than what the regression is trusted for. */
const USUAL_CREDIT = 0.9;

/** What is the same for the models of both halves. */
export type FoldInput = {
  readonly units: readonly UserWindow[];
  readonly compare: Comparer;
  readonly behaviours: readonly ShownBehaviour[];
};

/** @param fitted Positions of the units that the model learns from. */
export function fitFold({ units, compare, behaviours }: FoldInput, fitted: Int32Array): FoldModel {
  const history = unitsAt(units, fitted);
  const usualCredit = quantile(
    history.map(({ credit }) => credit),
    USUAL_CREDIT,
  );
  const model = fitSpend(history.map((unit) => spendRow(unit, usualCredit)));
  const residuals = columnOf(units, (unit) => {
    const row = spendRow(unit, usualCredit);
    return row.logCost - expectedLogCost(model, row);
  });
  const cost = compare(residuals, fitted);
  const logCosts = columnOf(units, ({ costUsd }) => Math.log(costUsd));
  const dollars: readonly SignalValues[] = [
    { signal: "cost-given-delivery", ...cost.peers },
    { signal: "own-usual", ...cost.own },
  ];
  const habits = behaviours.map((behaviour) => behaviourSignal(behaviour, fitted));
  const centred = Float64Array.from(fitted, cost.peers.deviation);
  return {
    signals: [...dollars, ...habits],
    residuals,
    excess: cost.peers.deviation,
    ownExcess: cost.beyondUsual,
    lowExcess: quantileInPlace(centred, 0.1),
    highExcess: quantileInPlace(centred, 0.9),
    scoreOf: scorer(dollars, habits, dearerWeeks(cost, compare(logCosts, fitted))),
    logCostOfCredit: (unit, other) =>
      logCostFor(model, { ...unit, credit: other }, usualCredit) -
      logCostFor(model, unit, usualCredit),
  };
}

/** In a week that was not dearer, behaviour is nobody's business, and only the dollars count. */
function scorer(
  dollars: readonly SignalValues[],
  habits: readonly SignalValues[],
  isDearer: (at: number) => boolean,
): (at: number) => number {
  const tally = evidenceTally();
  return (at) => {
    for (const { z } of dollars) {
      tally.add(z(at));
    }
    for (const { z } of isDearer(at) ? habits : []) {
      tally.add(z(at));
    }
    return tally.take();
  };
}

/**
 * Weeks that cost more than their delivery explains, or more than the person's weeks usually cost: who
 * delivers in many small tasks looks cheap by the first alone.
 */
function dearerWeeks(cost: Comparison, spend: Comparison): (at: number) => boolean {
  const respects = [cost.peers, cost.own, spend.own];
  return (at) => respects.some(({ z }) => z(at) > 0);
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

function unitsAt(units: readonly UserWindow[], positions: Int32Array): readonly UserWindow[] {
  return Array.from(positions, (at) => units[at]).filter((unit) => unit !== undefined);
}
