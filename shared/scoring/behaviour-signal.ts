import type { Behaviour } from "./behaviour.ts";
import { type Comparer, comparer, type Deviations, moreUnusual } from "./comparison.ts";
import type { Signal } from "./evidence.ts";
import type { UserWindow } from "./user-windows.ts";

/** One signal of every unit, by its position among the units. */
export type SignalValues = Deviations & { readonly signal: Signal };

/** What units show of a behaviour: the same for every fold. */
export type ShownBehaviour = {
  readonly behaviour: Behaviour;
  /** Of each unit, its position among those that show it; negative for one that does not. */
  readonly shownAt: Int32Array;
  /** What each that shows it shows, on the scale of deviations. */
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
  const shownAt = new Int32Array(units.length).fill(-1);
  const values: number[] = [];
  let at = 0;
  for (const unit of units) {
    const value = behaviour.measure(unit);
    if (value !== undefined) {
      shownAt[at] = values.length;
      values.push(behaviour.toScale(value));
    }
    at += 1;
  }
  const isShownByAll = values.length === units.length;
  const compare = isShownByAll
    ? compareAll
    : comparer(units.filter((_, at) => isShown(shownAt[at])));
  return { behaviour, shownAt, values, compare };
}

/**
 * The signal of a behaviour, learnt from one half of history. A unit that does not show it is taken as
 * usual, and so are all while too few do.
 *
 * @param fitted Positions of the units that are learnt from.
 */
export function behaviourSignal(
  { behaviour, shownAt, values, compare }: ShownBehaviour,
  fitted: Int32Array,
): SignalValues {
  const { signal, smallestScale, isHabit } = behaviour;
  const fittedShown = fitted.map((at) => shownAt[at] ?? -1).filter(isShown);
  if (fittedShown.length < FEWEST_SHOWING) {
    return { signal, z: () => 0, deviation: () => 0 };
  }
  const compared = compare(values, fittedShown, smallestScale);
  const chosen = isHabit ? compared.own : moreUnusual(compared);
  const ofShown = (measured: (position: number) => number) => (at: number) => {
    const position = shownAt[at];
    return isShown(position) ? measured(position) : 0;
  };
  return { signal, z: ofShown(chosen.z), deviation: ofShown(chosen.deviation) };
}

function isShown(position: number | undefined): position is number {
  return position !== undefined && position >= 0;
}
