const CASE_INSENSITIVE = /^(?:[^:\s]+@[^:\s]+|github:.+)$/i;

/**
 * One spelling for each subject, so that the same person gets the same pseudonym from every source.
 * E-mail addresses and GitHub logins are lower case, as both are matched regardless of case;
 * installation and account ids of tools are left as they are.
 */
export function normalisedSubject(subject: string): string {
  const trimmed = subject.trim();
  return CASE_INSENSITIVE.test(trimmed) ? trimmed.toLowerCase() : trimmed;
}
