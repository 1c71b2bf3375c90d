import type { Behaviour } from "./behaviour.ts";
import { type Comparer, comparer, type Deviations, moreUnusual } from "./comparison.ts";
import type { Signal } from "./evidence.ts";
import type { UserWindow } from "./user-windows.ts";

/** One signal of every unit, in the order of the units. */
export type SignalValues = Deviations & { readonly signal: Signal };

/** What units show of a behaviour: the same for every fold. */
export type ShownBehaviour = {
  readonly behaviour: Behaviour;
  /** Positions of the units that show it, and what each shows, on the scale of deviations. */
  readonly positions: readonly number[];
  readonly values: readonly number[];
  readonly compare: Comparer;
};

/** Units that show a ratio, below which nobody knows what is usual. */
const FEWEST_SHOWING = 20;

/** @param compareAll The comparer of all units: most behaviours are shown by each of them. */
export function shownBehaviour(
  units: readonly UserWindow[],
  behaviour: Behaviour,
  compareAll: Comparer,
): ShownBehaviour {
  const positions: number[] = [];
  const values: number[] = [];
  for (const [at, unit] of units.entries()) {
    const value = behaviour.measure(unit);
    if (value !== undefined) {
      positions.push(at);
      values.push(behaviour.toScale(value));
    }
  }
  const isShownByAll = positions.length === units.length;
  const compare = isShownByAll ? compareAll : comparer(unitsAt(units, positions));
  return { behaviour, positions, values, compare };
}

/**
 * The signal of a behaviour, learnt from one half of history. A unit that does not show it is taken as
 * usual, and so are all while too few do.
 *
 * @param unitCount Of all units, whether they show it or not.
 * @param fitted Positions of the units that are learnt from.
 */
export function behaviourSignal(
  { behaviour, positions, values, compare }: ShownBehaviour,
  unitCount: number,
  fitted: readonly number[],
): SignalValues {
  const { signal, smallestScale, isHabit } = behaviour;
  const z = new Array<number>(unitCount).fill(0);
  const deviation = new Array<number>(unitCount).fill(0);
  const inFit = new Set(fitted);
  const fittedShown = [...positions.keys()].filter((index) => inFit.has(positions[index] ?? -1));
  if (fittedShown.length >= FEWEST_SHOWING) {
    const compared = compare(values, fittedShown, smallestScale);
    const chosen = isHabit ? compared.own : moreUnusual(compared);
    for (const [index, at] of positions.entries()) {
      z[at] = chosen.z[index] ?? 0;
      deviation[at] = chosen.deviation[index] ?? 0;
    }
  }
  return { signal, z, deviation };
}

function unitsAt(units: readonly UserWindow[], positions: readonly number[]): UserWindow[] {
  return positions.flatMap((at) => units[at] ?? []);
}
