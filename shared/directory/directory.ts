import type { Day } from "../ledger/roll-ups.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** Where a person belonged from a day on, until a later assignment takes over. */
export type Assignment = {
  readonly user: UserPseudonym;
  readonly team: string;
  readonly costCenter: string;
  /** Id of the budget owner in the configuration. */
  readonly owner: string;
  readonly useCase: string;
  readonly effectiveFrom: Day;
};

/**
 * The directory without any name in it: assignments, and which pseudonyms (e-mail, code-host login,
 * installation) are one person.
 */
export type Directory = {
  readonly assignments: readonly Assignment[];
  readonly aliases: ReadonlyMap<UserPseudonym, UserPseudonym>;
};

export const UNASSIGNED = {
  team: "unassigned",
  costCenter: "unassigned",
  owner: "unassigned",
  useCase: "unassigned",
} as const;

export type Place = Pick<Assignment, "team" | "costCenter" | "owner" | "useCase">;

/** A person's team; `undefined` of who has none: such people do not work together. */
export function teamIn({ team }: Pick<Place, "team">): string | undefined {
  return team === UNASSIGNED.team ? undefined : team;
}

/** Looks people up in a directory, as of a day. */
export type DirectoryLookup = {
  /** The person behind a pseudonym; the pseudonym itself if the directory names no other. */
  readonly personOf: (user: UserPseudonym) => UserPseudonym;
  /** Where the person belonged on that day; {@link UNASSIGNED} if the directory does not say. */
  readonly placeOf: (user: UserPseudonym, day: Day) => Place;
};

export function directoryLookup(directory: Directory): DirectoryLookup {
  const byUser = Map.groupBy(directory.assignments, (assignment) => assignment.user);
  for (const rows of byUser.values()) {
    rows.sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? 1 : -1));
  }
  const personOf = (user: UserPseudonym) => directory.aliases.get(user) ?? user;
  return {
    personOf,
    placeOf: (user, day) =>
      byUser.get(personOf(user))?.find((row) => row.effectiveFrom <= day) ?? UNASSIGNED,
  };
}
