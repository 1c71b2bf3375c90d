import { compareText } from "../compare-text.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import type { Directory } from "./directory.ts";

/**
 * Every name of the person behind a name, in a fixed order; of most people it is the one. All names of a
 * person have the same list, and no name is in two lists.
 */
export type NamesOf = (user: UserPseudonym) => readonly UserPseudonym[];

/** What a directory knows of names. */
export function namesOfPeople({ aliases }: Pick<Directory, "aliases">): NamesOf {
  const personOf = (user: UserPseudonym) => aliases.get(user) ?? user;
  const known = new Set([...aliases].flat());
  const byPerson = Map.groupBy([...known].sort(compareText), personOf);
  return (user) => byPerson.get(personOf(user)) ?? [user];
}

/** Nobody has a second name. */
export const ONE_NAME_EACH: NamesOf = (user) => [user];
