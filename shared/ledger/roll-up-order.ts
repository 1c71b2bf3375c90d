import type { RollUpVersion } from "./roll-ups.ts";

/** More than one day can have. */
const MOST_ENTRIES = 1_000_000_000;

/**
 * The place of a version among those of one roll-up: of two values, the one of the higher place stands.
 * The names come first, as fewer of them can rest on fewer entries; of the same names, more entries are newer.
 */
export function orderOf({ entries, nameChanges = 0 }: RollUpVersion): number {
  return nameChanges * MOST_ENTRIES + entries;
}

/** Reads a place back. */
export function versionAt(order: number): Pick<RollUpVersion, "entries" | "nameChanges"> {
  const nameChanges = Math.floor(order / MOST_ENTRIES);
  const entries = order % MOST_ENTRIES;
  return nameChanges === 0 ? { entries } : { entries, nameChanges };
}

/**
 * The version of a value that takes the place of what is stored of its day: above all of it, also where that
 * is of other names, or what a recomputation by other names left that did not come to its end.
 *
 * @param stored Of the day itself; nothing if it is new.
 * @param order The highest place of anything that is stored of the day.
 */
export function following(
  version: RollUpVersion,
  stored: RollUpVersion | undefined,
  order: number,
): RollUpVersion {
  const before = stored?.nameChanges ?? 0;
  const isOfOthers = stored !== undefined && stored.names !== version.names;
  const next = withChanges(version, before + (isOfOthers ? 1 : 0));
  return order <= orderOf(next)
    ? next
    : withChanges(version, (versionAt(order).nameChanges ?? 0) + 1);
}

function withChanges(version: RollUpVersion, nameChanges: number): RollUpVersion {
  return nameChanges === 0 ? version : { ...version, nameChanges };
}
