import type { Assignment, Directory } from "../directory/directory.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** The only place that holds names. */
export type DirectoryStore = {
  /** The whole directory, without names. */
  readonly read: () => Promise<Directory>;
  readonly putAssignment: (assignment: Assignment, subject: string) => Promise<void>;
  readonly putAlias: (alias: UserPseudonym, person: UserPseudonym) => Promise<void>;
};
