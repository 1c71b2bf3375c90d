import type { Assignment } from "../../shared/directory/directory.ts";
import type { DirectoryStore } from "../../shared/ports/directory-store.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";

export type InMemoryDirectoryStore = DirectoryStore & {
  readonly subjects: () => ReadonlySet<string>;
  /** From now on every `everyth` put fails, as under throttling. */
  readonly failEvery: (everyth: number) => void;
};

export function inMemoryDirectoryStore(): InMemoryDirectoryStore {
  const assignments = new Map<string, Assignment>();
  const aliases = new Map<UserPseudonym, UserPseudonym>();
  const subjects = new Set<string>();
  let puts = 0;
  let failing = Number.POSITIVE_INFINITY;
  const countPut = () => {
    puts += 1;
    if (puts % failing === 0) {
      throw new Error("throttled");
    }
  };
  return {
    subjects: () => subjects,
    failEvery: (everyth) => {
      failing = everyth;
    },
    read: async () => ({ assignments: [...assignments.values()], aliases: new Map(aliases) }),
    putAssignment: async (assignment, subject) => {
      countPut();
      assignments.set(`${assignment.user} ${assignment.effectiveFrom}`, assignment);
      subjects.add(subject);
    },
    putAlias: async (alias, person) => {
      countPut();
      aliases.set(alias, person);
    },
  };
}
