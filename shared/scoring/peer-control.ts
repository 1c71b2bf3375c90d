import { mediansOfOthers } from "./order-statistics.ts";

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
): (values: readonly number[]) => readonly number[] {
  const weeks = groups(units, units.keys(), ({ week }) => week).map((members) => {
    const teams = groups(units, members, ({ team }) => team);
    return {
      members,
      teams: teams.filter(hasPeers),
      alone: new Set(teams.filter((team) => !hasPeers(team)).flat()),
    };
  });
  return (values) => {
    const effects = new Float64Array(values.length);
    for (const { members, teams, alone } of weeks) {
      for (const team of teams) {
        addEffect(effects, values, team);
      }
      if (alone.size > 0 && hasPeers(members)) {
        addEffect(effects, values, members, alone);
      }
    }
    return values.map((value, at) => value - (effects[at] ?? 0));
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

/** @param only The members that are meant; all by default. */
function addEffect(
  effects: Float64Array,
  values: readonly number[],
  members: Group,
  only?: ReadonlySet<number>,
): void {
  const peers = members.length - 1;
  const medians = mediansOfOthers(members.map((at) => values[at] ?? 0));
  for (const [position, at] of members.entries()) {
    if (only === undefined || only.has(at)) {
      effects[at] = ((medians[position] ?? 0) * peers) / (peers + SHRINKAGE);
    }
  }
}
