import * as z from "zod";
import { normalisedSubject } from "../directory/subject.ts";

/** `owner/name` of the repository that an event is about, with its default branch. */
export const GithubRepository = z.object({
  full_name: z.string().regex(/^[^\s/#@]+\/[^\s/#@]+$/),
  default_branch: z.string().min(1),
});

/** SHA-1, or SHA-256 in repositories that use it. */
export const CommitHash = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

/** Absent for accounts that were deleted. */
export const GithubAccount = z.object({ login: z.string().min(1).max(100) }).nullish();

/** Whose work it is, as {@link SentOutcome} spells it; nothing for a deleted account. */
export function subjectOf(account: z.infer<typeof GithubAccount>): { readonly subject?: string } {
  return account ? { subject: normalisedSubject(`github:${account.login}`) } : {};
}

export function pullRequestId(repository: string, number: number | string): string {
  return `github:${repository}#${number}`;
}
