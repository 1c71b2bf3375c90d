import type { UserPseudonym } from "../usage/usage-event.ts";
import type { DirectoryLookup } from "./directory.ts";

type Owned = { readonly user: UserPseudonym };
type People = Pick<DirectoryLookup, "personOf">;

/** A night asks for the same million values by person many times: they are sorted out once. */
const known = new WeakMap<
  readonly Owned[],
  { readonly personOf: People["personOf"]; readonly groups: ReadonlyMap<string, readonly Owned[]> }
>();

/**
 * What each person has of some values, under all their pseudonyms, in the order of the values.
 *
 * @param values Never changed afterwards: the same array is not looked at again.
 */
export function byPerson<Value extends Owned>(
  values: readonly Value[],
  { personOf }: People,
): ReadonlyMap<UserPseudonym, readonly Value[]> {
  const before = known.get(values);
  if (before?.personOf === personOf) {
    // Only ever groups of these very values.
    return before.groups as ReadonlyMap<UserPseudonym, readonly Value[]>;
  }
  const groups = Map.groupBy(values, ({ user }) => personOf(user));
  known.set(values, { personOf, groups });
  return groups;
}
