import { ascending, median, quantileOfSorted, robustScaleOfSorted } from "./order-statistics.ts";
import { type OwnUnit, ownUsual } from "./own-history.ts";
import { type PeerUnit, peerControl } from "./peer-control.ts";

/** Values of units, in their order, as distances from what is usual. */
export type Deviations = {
  /** Robust standard deviations above the centre. */
  readonly z: readonly number[];
  /** Distance from the centre on the scale of the values. */
  readonly deviation: readonly number[];
};

/** How unusual values are in two respects. */
export type Comparison = {
  /** Beside what the peers of a unit share in its week. */
  readonly peers: Deviations;
  /** The same beside the person's own usual; as with the peers for who has too little past. */
  readonly own: Deviations;
  /** Distance from the own usual; from what is usual of all for who has too little past. */
  readonly beyondUsual: readonly number[];
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
  values: readonly number[],
  fitted: readonly number[],
  smallestScale?: number,
) => Comparison;

/**
 * Compares values with those of peers and with the person's own past. Both are estimates shrunk towards
 * zero where there are few, so values are taken from their centre first: else the size of a team would
 * make a difference.
 */
export function comparer(units: readonly (PeerUnit & OwnUnit)[]): Comparer {
  const withoutPeerEffect = peerControl(units);
  const usualOf = ownUsual(units);
  return (values, fitted, smallestScale = SMALLEST_SCALE) => {
    const centre = median(picked(values, fitted));
    const shared = withoutPeerEffect(values.map((value) => value - centre));
    return compared(shared, usualOf(shared), fitted, smallestScale);
  };
}

function compared(
  shared: readonly number[],
  usual: readonly (number | undefined)[],
  fitted: readonly number[],
  smallestScale: number,
): Comparison {
  const beyondUsual = shared.map((value, at) => value - (usual[at] ?? 0));
  const peers = standardised(shared, fitted, smallestScale);
  if (fitted.filter((at) => usual[at] !== undefined).length < FEWEST_OWN) {
    return { peers, own: peers, beyondUsual };
  }
  // By all of them, with a past or without: a short one must not look more certain than a long one.
  const own = standardised(beyondUsual, fitted, smallestScale);
  const orPeers = (mine: readonly number[], theirs: readonly number[]) =>
    mine.map((value, at) => (usual[at] === undefined ? (theirs[at] ?? 0) : value));
  return {
    peers,
    own: { z: orPeers(own.z, peers.z), deviation: orPeers(own.deviation, peers.deviation) },
    beyondUsual,
  };
}

/** Of each unit, the respect in which it is more unusual. */
export function moreUnusual({ peers, own }: Comparison): Deviations {
  const isOwn = own.z.map((z, at) => z > (peers.z[at] ?? 0));
  const chosen = (mine: readonly number[], theirs: readonly number[]) =>
    mine.map((value, at) => (isOwn[at] ? value : (theirs[at] ?? 0)));
  return {
    z: chosen(own.z, peers.z),
    deviation: chosen(own.deviation, peers.deviation),
  };
}

/** What most have none of, such as sub-agents, has no scatter about its median: those above have one. */
function standardised(
  values: readonly number[],
  reference: readonly number[],
  smallestScale: number,
): Deviations {
  const known = ascending(picked(values, reference));
  const centre = quantileOfSorted(known, 0.5);
  const above = (quantileOfSorted(known, 0.9) - centre) / NINTH_DECILE;
  const scale = Math.max(smallestScale, robustScaleOfSorted(known), above);
  const deviation = values.map((value) => value - centre);
  return { deviation, z: deviation.map((distance) => distance / scale) };
}

/** The items at these positions. */
export function picked<Item>(items: readonly Item[], positions: readonly number[]): Item[] {
  return positions.flatMap((at) => {
    const item = items[at];
    return item === undefined ? [] : [item];
  });
}
