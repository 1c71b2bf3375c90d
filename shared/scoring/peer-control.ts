import { medianOfOthers, sortFirst } from "../order-statistics.ts";

/** Who is compared with whom: the same team, or else everybody, in the same week. */
export type PeerUnit = { readonly team: string; readonly week: number };

const FEWEST_PEERS = 3;
const SHRINKAGE = 2;

/**
 * What subtracts from each value what its peers share in the same week: the median of the others of the
 * team, shrunk towards zero for few. So a price change, a new model or a slow week is a matter of
 * the team and not of each person. A team of fewer than four is compared with the organisation.
 *
 * @param units Who belongs together is worked out once, for any number of values.
 */
export function peerControl(
  units: readonly PeerUnit[],
): (values: ArrayLike<number>) => Float64Array<ArrayBuffer> {
  const comparisons = groups(units, units.keys(), ({ week }) => week).flatMap((week) => {
    const teams = groups(units, week, ({ team }) => team);
    const alone = teams.filter((team) => !hasPeers(team)).flat();
    return [
      ...teams.filter(hasPeers).map((team) => ({ members: team, compared: team })),
      ...(alone.length > 0 && hasPeers(week) ? [{ members: week, compared: alone }] : []),
    ];
  });
  const largest = comparisons.reduce((most, { members }) => Math.max(most, members.length), 0);
  const sorted = new Float64Array(largest);
  return (values) => {
    const rest = new Float64Array(values);
    for (const { members, compared } of comparisons) {
      subtractShared(rest, values, members, compared, sorted);
    }
    return rest;
  };
}

/** Positions of units that are alike. */
type Group = readonly number[];

function hasPeers(group: Group): boolean {
  return group.length > FEWEST_PEERS;
}

function groups(
  units: readonly PeerUnit[],
  positions: Iterable<number>,
  keyOf: (unit: PeerUnit) => string | number,
): readonly Group[] {
  return [...Map.groupBy(positions, (at) => keyOf(units[at] ?? NO_ONE)).values()];
}

const NO_ONE: PeerUnit = { team: "", week: -1 };

/** @param sorted Room for the values of all members. */
function subtractShared(
  rest: Float64Array,
  values: ArrayLike<number>,
  members: Group,
  compared: Group,
  sorted: Float64Array,
): void {
  const count = members.length;
  for (let index = 0; index < count; index++) {
    sorted[index] = values[members[index] ?? 0] ?? 0;
  }
  sortFirst(sorted, count);
  const peers = count - 1;
  for (const at of compared) {
    const value = values[at] ?? 0;
    rest[at] = value - (medianOfOthers(sorted, value, count) * peers) / (peers + SHRINKAGE);
  }
}
