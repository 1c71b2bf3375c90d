import * as z from "zod";
import { normalisedSubject } from "../directory/subject.ts";
import { EARLIEST_TIME_MS } from "../usage/field-limits.ts";

/** `owner/name` of the repository that an event is about, with its default branch. */
export const GithubRepository = z.object({
  full_name: z.string().regex(/^[^\s/#@]+\/[^\s/#@]+$/),
  default_branch: z.string().min(1),
});

/** SHA-1, or SHA-256 in repositories that use it. */
export const CommitHash = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

/** Milliseconds since 1970. What is older than anything that is recorded has the earliest time. */
export const GithubTime = z.iso
  .datetime({ offset: true })
  .transform((text) => Math.max(EARLIEST_TIME_MS, Date.parse(text)));

/** Absent for accounts that were deleted. */
export const GithubAccount = z.object({ login: z.string().min(1).max(100) }).nullish();

/** Whose work it is, as {@link SentOutcome} spells it; nothing for a deleted account. */
export function subjectOf(account: z.infer<typeof GithubAccount>): { readonly subject?: string } {
  return account ? { subject: normalisedSubject(`github:${account.login}`) } : {};
}

export function pullRequestId(repository: string, number: number | string): string {
  return `github:${repository}#${number}`;
}
