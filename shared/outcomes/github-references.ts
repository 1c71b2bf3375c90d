import { pullRequestId } from "./github-fields.ts";

const ISSUE_KEY = /(?<![A-Za-z0-9-])([A-Z][A-Z0-9]{1,9})-([1-9]\d{0,6})(?![A-Za-z0-9])/g;

/** Names of standards that have the form of an issue key. No tracker project is called so. */
const STANDARDS = new Set(["AES", "CVE", "ECMA", "ES", "HTTP", "ISO", "RFC", "SHA", "TLS", "UTF"]);

/** The keywords with which GitHub closes an issue on merge. */
const CLOSES_ISSUE = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]{1,4}#([1-9]\d{0,8})\b/i;

const REVERTS_PULL_REQUEST =
  /^[ \t]{0,4}Reverts ([^\s/#]{1,100}\/[^\s/#]{1,100})#([1-9]\d{0,8})\b/im;

const REVERTS_COMMIT = /\bThis reverts commit ([0-9a-f]{64}|[0-9a-f]{40})\b/gi;

/** Git and GitHub title the revert of a revert `Reapply "…"`. */
const REVERT_TITLE = /^(?:revert|reapply)\b/i;

/** The words of a pull request that can name its task or what it undoes. */
export type PullRequestText = {
  readonly repository: string;
  readonly branch: string;
  readonly title: string;
  readonly body: string;
};

/**
 * The task that a change belongs to: an issue key such as `WEB-77` in the branch, else in the title;
 * else the issue that the body closes, as `acme/web#41`.
 */
export function taskOf({ repository, branch, title, body }: PullRequestText): string | undefined {
  const issue = CLOSES_ISSUE.exec(body)?.[1];
  return (
    issueKeyIn(branch) ??
    issueKeyIn(title) ??
    (issue === undefined ? undefined : `${repository}#${issue}`)
  );
}

/**
 * What a pull request undoes: the id of the reverted one, or the commit. Both title and body must
 * say so, and in its own repository, so that a mention takes no one's credit away.
 */
export function revertedBy({ repository, title, body }: PullRequestText): string | undefined {
  if (!REVERT_TITLE.test(title.trim())) {
    return undefined;
  }
  const [, from, number] = REVERTS_PULL_REQUEST.exec(body) ?? [];
  if (number !== undefined && from?.toLowerCase() === repository.toLowerCase()) {
    return pullRequestId(repository, number);
  }
  return revertedCommits(body)[0];
}

/** The commits that a commit message says it reverts, each once, in order. */
export function revertedCommits(message: string): readonly string[] {
  return [
    ...new Set([...message.matchAll(REVERTS_COMMIT)].map(([, hash = ""]) => hash.toLowerCase())),
  ];
}

function issueKeyIn(text: string): string | undefined {
  const key = [...text.matchAll(ISSUE_KEY)].find(([, project = ""]) => !STANDARDS.has(project));
  return key?.[0];
}
