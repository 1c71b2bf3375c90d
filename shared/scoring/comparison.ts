import { quantileInPlace, robustScaleInPlace } from "../order-statistics.ts";
import { type OwnPast, type OwnUnit, ownPast } from "./own-history.ts";
import { type PeerUnit, peerControl } from "./peer-control.ts";

/** Values of units, by their position, as distances from what is usual. */
export type Deviations = {
  /** Robust standard deviations above the centre. */
  readonly z: (at: number) => number;
  /** Distance from the centre on the scale of the values. */
  readonly deviation: (at: number) => number;
};

/** How unusual values are in two respects. */
export type Comparison = {
  /** Beside what the peers of a unit share in its week. */
  readonly peers: Deviations;
  /** The same beside the person's own usual; as with the peers for who has too little past. */
  readonly own: Deviations;
  /** Distance from the own usual; from what is usual of all for who has too little past. */
  readonly beyondUsual: (at: number) => number;
};

/** Keeps identical histories, such as a fixed daily job, from making a cent a deviation. */
const SMALLEST_SCALE = 0.02;
/** Of a normal distribution, as many standard deviations above the median as its ninth decile. */
const NINTH_DECILE = 1.2816;
const FEWEST_OWN = 20;

/**
 * Compares values of units.
 *
 * @param fitted Positions of the units that centre and scale are learnt from.
 * @param smallestScale A deviation so small is never unusual.
 */
export type Comparer = (
  values: ArrayLike<number>,
  fitted: Int32Array,
  smallestScale?: number,
) => Comparison;

/**
 * Compares values with those of peers and with the person's own past. Both are estimates shrunk towards
 * zero where there are few, so values are taken from their centre first: else the size of a team would
 * make a difference.
 */
export function comparer(
  units: readonly (PeerUnit & OwnUnit)[],
  past: OwnPast = ownPast(units),
): Comparer {
  const withoutPeerEffect = peerControl(units);
  // Room that serves for any number of comparisons, one after the other.
  const centred = new Float64Array(units.length);
  const room = new Float64Array(units.length);
  return (values, fitted, smallestScale = SMALLEST_SCALE) => {
    const learn = learner(room, fitted, smallestScale);
    const { centre } = learn(values);
    for (let at = 0; at < centred.length; at++) {
      centred[at] = (values[at] ?? 0) - centre;
    }
    const shared = withoutPeerEffect(centred);
    const beyond = past.usual(shared);
    for (let at = 0; at < beyond.length; at++) {
      beyond[at] = (shared[at] ?? 0) - (beyond[at] ?? 0);
    }
    return compared(shared, beyond, fitted, learn);
  };
}

/** @param beyond What is shared less the own usual; `NaN` for who has too little past. */
function compared(
  shared: Float64Array,
  beyond: Float64Array,
  fitted: Int32Array,
  learn: Learner,
): Comparison {
  const beyondUsual = (at: number) => known(beyond[at], shared[at]);
  const peers = standardised(shared, learn(shared));
  if (!hasAtLeast(FEWEST_OWN, beyond, fitted)) {
    return { peers, own: peers, beyondUsual };
  }
  // By all of them, with a past or without: a short one must not look more certain than a long one.
  const own = standardised(beyond, learn(beyond, shared));
  return {
    peers,
    own: {
      z: (at) => known(own.z(at), peers.z(at)),
      deviation: (at) => known(own.deviation(at), peers.deviation(at)),
    },
    beyondUsual,
  };
}

function known(value: number | undefined, otherwise = 0): number {
  return value === undefined || Number.isNaN(value) ? otherwise : value;
}

/** Whether so many of the values are known. */
function hasAtLeast(count: number, values: Float64Array, positions: Int32Array): boolean {
  let found = 0;
  for (let index = 0; index < positions.length && found < count; index++) {
    found += Number.isNaN(values[positions[index] ?? 0]) ? 0 : 1;
  }
  return found >= count;
}

/** Of each unit, the respect in which it is more unusual. */
export function moreUnusual({ peers, own }: Pick<Comparison, "peers" | "own">): Deviations {
  return {
    z: (at) => Math.max(own.z(at), peers.z(at)),
    deviation: (at) => (own.z(at) > peers.z(at) ? own : peers).deviation(at),
  };
}

type Yardstick = { readonly centre: number; readonly scale: number };
/** @param otherwise Instead of values that are `NaN`. */
type Learner = (values: ArrayLike<number>, otherwise?: ArrayLike<number>) => Yardstick;

/**
 * What centre and scale are learnt with. What most have none of, such as sub-agents, has no scatter about
 * its median: those above have one.
 *
 * @param room For the values of all that is fitted.
 */
function learner(room: Float64Array, fitted: Int32Array, smallestScale: number): Learner {
  const count = fitted.length;
  return (values, otherwise = values) => {
    for (let index = 0; index < count; index++) {
      const at = fitted[index] ?? 0;
      room[index] = known(values[at], otherwise[at]);
    }
    const centre = quantileInPlace(room, 0.5, count);
    const above = (quantileInPlace(room, 0.9, count) - centre) / NINTH_DECILE;
    const scale = Math.max(smallestScale, robustScaleInPlace(room, count), above);
    return { centre, scale };
  };
}

function standardised(values: Float64Array, { centre, scale }: Yardstick): Deviations {
  return {
    z: (at) => ((values[at] ?? 0) - centre) / scale,
    deviation: (at) => (values[at] ?? 0) - centre,
  };
}
