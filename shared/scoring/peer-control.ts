import { mediansOfOthers } from "./order-statistics.ts";

/** Who is compared with whom: the same team, or else everybody, in the same week. */
export type PeerUnit = { readonly team: string; readonly week: number };

const FEWEST_PEERS = 3;
const SHRINKAGE = 2;

/**
 * Subtracts from each value what its peers share in the same week: the median of the others of the
 * team, shrunk towards zero for few. So a price change, a new model or a slow week is a matter of
 * the team and not of each person. A team of fewer than four is compared with the organisation.
 */
export function withoutPeerEffect(
  units: readonly PeerUnit[],
  values: readonly number[],
): readonly number[] {
  const byWeek = groups(units, units.keys(), ({ week }) => week);
  const byTeam = byWeek.flatMap((members) => groups(units, members, ({ team }) => team));
  const organisation = sharedEffect(byWeek, values);
  const team = sharedEffect(byTeam, values);
  return values.map((value, at) => value - (team[at] ?? organisation[at] ?? 0));
}

/** Positions of units that are alike. */
type Group = readonly number[];

function groups(
  units: readonly PeerUnit[],
  positions: Iterable<number>,
  keyOf: (unit: PeerUnit) => string | number,
): readonly Group[] {
  return [...Map.groupBy(positions, (at) => keyOf(units[at] ?? NO_ONE)).values()];
}

const NO_ONE: PeerUnit = { team: "", week: -1 };

function sharedEffect(
  groupsOfPeers: readonly Group[],
  values: readonly number[],
): readonly (number | undefined)[] {
  const effects: (number | undefined)[] = new Array(values.length).fill(undefined);
  for (const members of groupsOfPeers) {
    const peers = members.length - 1;
    if (peers >= FEWEST_PEERS) {
      const medians = mediansOfOthers(members.map((at) => values[at] ?? 0));
      for (const [position, at] of members.entries()) {
        effects[at] = ((medians[position] ?? 0) * peers) / (peers + SHRINKAGE);
      }
    }
  }
  return effects;
}
