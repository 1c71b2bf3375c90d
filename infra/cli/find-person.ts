import type { Directory } from "../../shared/directory/directory.ts";
import { normalisedSubject } from "../../shared/directory/subject.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import { CommandError, type Terminal, table } from "./command-line.ts";

/** What re-identifies people: for operators, and for a person who asks about their own data. */
export type DirectoryNames = {
  readonly read: () => Promise<Directory>;
  readonly subjectOf: (user: UserPseudonym) => Promise<string | undefined>;
  readonly pseudonyms: () => Promise<Pseudonymise>;
};

/**
 * Says who is behind a pseudonym, or under which pseudonym an account appears, and where the person
 * belongs.
 *
 * @throws {CommandError} if it is a pseudonym that the directory does not know.
 */
export async function findPerson(
  wanted: string,
  names: DirectoryNames,
  { print }: Terminal,
): Promise<void> {
  const subject = normalisedSubject(wanted);
  const isAccount = /[@:]/.test(subject);
  const pseudonym = isAccount ? (await names.pseudonyms())(subject) : subject;
  const { aliases, assignments } = await names.read();
  const user = aliases.get(pseudonym) ?? pseudonym;
  const account = (await names.subjectOf(user)) ?? (isAccount ? subject : undefined);
  if (account === undefined) {
    throw new CommandError(
      `nobody in the directory has the pseudonym ${wanted}: to try an account, say find ACCOUNT`,
    );
  }
  const rows = assignments
    .filter((assignment) => assignment.user === user)
    .sort((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom))
    .map(({ team, owner, effectiveFrom }) => [user, account, team, owner, effectiveFrom]);
  const unlisted = [[user, account, "unassigned", "unassigned", "-"]];
  const headings = ["PSEUDONYM", "ACCOUNT", "TEAM", "OWNER", "FROM"];
  for (const line of table(headings, rows.length === 0 ? unlisted : rows)) {
    print(line);
  }
}
