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
  const organisation = sharedEffect(units, values, ({ week }) => `${week}`);
  const team = sharedEffect(units, values, (unit) => `${unit.week} ${unit.team}`);
  return values.map((value, at) => value - (team[at] ?? organisation[at] ?? 0));
}

function sharedEffect(
  units: readonly PeerUnit[],
  values: readonly number[],
  keyOf: (unit: PeerUnit) => string,
): readonly (number | undefined)[] {
  const groups = Map.groupBy(units.entries(), ([, unit]) => keyOf(unit));
  const effects: (number | undefined)[] = new Array(units.length).fill(undefined);
  for (const members of groups.values()) {
    const peers = members.length - 1;
    if (peers >= FEWEST_PEERS) {
      const medians = mediansOfOthers(members.map(([at]) => values[at] ?? 0));
      for (const [position, [at]] of members.entries()) {
        effects[at] = ((medians[position] ?? 0) * peers) / (peers + SHRINKAGE);
      }
    }
  }
  return effects;
}
