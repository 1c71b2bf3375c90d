import type { Behaviour, BehaviourSignal } from "./behaviour.ts";
import { normalTail } from "./normal-tail.ts";
import { median, quantile, robustScale } from "./order-statistics.ts";
import { ownUsual } from "./own-history.ts";
import { withoutPeerEffect } from "./peer-control.ts";
import {
  expectedLogCost,
  fitSpend,
  type SpendModel,
  type SpendObservation,
} from "./spend-regression.ts";
import type { UserWindow } from "./user-windows.ts";

export type Signal = "cost-given-delivery" | "own-usual" | BehaviourSignal;

/** One signal of every unit, in the order of the units. */
export type SignalValues = {
  readonly signal: Signal;
  /** Robust standard deviations above the centre. */
  readonly z: readonly number[];
  /** Distance from the centre on the scale of the signal, for plain units. */
  readonly deviation: readonly number[];
};

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
  /** Evidence of all signals together, higher is more unusual: Fisher's sum, not a p-value. */
  readonly scores: readonly number[];
  /** Log of how much more `other` delivery units cost than those of a unit. */
  readonly logCostOfCredit: (unit: UserWindow, other: number) => number;
};

const SMALLEST_TAIL = 1e-12;
/** Keeps identical histories, such as a fixed daily job, from making a cent a deviation. */
const SMALLEST_SCALE = 0.02;
const FEWEST_OWN = 20;
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
  const excess = withoutPeerEffect(units, residuals);
  const cost = standardised("cost-given-delivery", excess, fitted);
  const own = ownSignal(units, excess, fitted, cost);
  const signals = [
    cost,
    own.values,
    ...behaviours.map((behaviour) => behaviourSignal(units, behaviour, fitted)),
  ];
  const centred = picked(cost.deviation, fitted);
  return {
    signals,
    residuals,
    excess: cost.deviation,
    ownExcess: own.excess,
    lowExcess: quantile(centred, 0.1),
    highExcess: quantile(centred, 0.9),
    scores: units.map((_, at) =>
      signals.reduce((sum, { z }) => sum + signalEvidence(z[at] ?? 0), 0),
    ),
    logCostOfCredit: (unit, other) =>
      logCostFor(model, { ...unit, credit: other }, usualCredit) -
      logCostFor(model, unit, usualCredit),
  };
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

/** Minus the logarithm of the probability of so high a z, bounded so that no signal decides alone. */
export function signalEvidence(z: number): number {
  return -Math.log(Math.max(SMALLEST_TAIL, normalTail(z)));
}

/** A person without enough history has no usual of their own: peers alone decide. */
function ownSignal(
  units: readonly UserWindow[],
  excess: readonly number[],
  fitted: readonly number[],
  cost: SignalValues,
): { readonly values: SignalValues; readonly excess: readonly number[] } {
  const usual = ownUsual(units, excess);
  const ownExcess = excess.map((value, at) => value - (usual[at] ?? 0));
  const known = fitted.filter((at) => usual[at] !== undefined);
  if (known.length < FEWEST_OWN) {
    return { values: { ...cost, signal: "own-usual" }, excess: ownExcess };
  }
  const own = standardised("own-usual", ownExcess, known);
  const orCost = (values: readonly number[], costs: readonly number[]) =>
    values.map((value, at) => (usual[at] === undefined ? (costs[at] ?? 0) : value));
  return {
    values: {
      signal: "own-usual",
      z: orCost(own.z, cost.z),
      deviation: orCost(own.deviation, cost.deviation),
    },
    excess: ownExcess,
  };
}

/** A unit whose ratio is not known is taken as usual. */
function behaviourSignal(
  units: readonly UserWindow[],
  { signal, measure, toScale }: Behaviour,
  fitted: readonly number[],
): SignalValues {
  const positions = [...units.keys()].filter((at) => scaled(at) !== undefined);
  const deviations = withoutPeerEffect(
    picked(units, positions),
    positions.map((at) => scaled(at) ?? 0),
  );
  const all: (number | undefined)[] = units.map(() => undefined);
  for (const [index, at] of positions.entries()) {
    all[at] = deviations[index];
  }
  const known = fitted.filter((at) => all[at] !== undefined);
  const centre = median(picked(all, known).map((value) => value ?? 0));
  return standardised(
    signal,
    all.map((value) => value ?? centre),
    known,
  );

  function scaled(at: number): number | undefined {
    const unit = units[at];
    const value = unit === undefined ? undefined : measure(unit);
    return value === undefined ? undefined : toScale(value);
  }
}

function standardised(
  signal: Signal,
  values: readonly number[],
  reference: readonly number[],
): SignalValues {
  const known = picked(values, reference);
  const centre = median(known);
  const scale = Math.max(SMALLEST_SCALE, robustScale(known));
  const deviation = values.map((value) => value - centre);
  return { signal, deviation, z: deviation.map((distance) => distance / scale) };
}

function picked<Item>(items: readonly Item[], positions: readonly number[]): Item[] {
  return positions.flatMap((at) => {
    const item = items[at];
    return item === undefined ? [] : [item];
  });
}
