import type { UserPseudonym } from "../usage/usage-event.ts";

export const OUTCOME_KINDS = [
  "change_merged",
  "deployment",
  "issue_resolved",
  "use_case",
  /** Trouble in production. It delivers nothing, and takes back what it names. */
  "incident",
] as const;
/** What the ledger keeps: `push` delivers nothing, and says which files the commits of changes touch. */
export const LEDGER_KINDS = [...OUTCOME_KINDS, "push"] as const;
export type OutcomeKind = (typeof LEDGER_KINDS)[number];

/** Lines and files of a change. `ignoredLines`: generated, lock, vendored, whitespace; part of the other two. */
export type ChangeSize = {
  readonly additions: number;
  readonly deletions: number;
  readonly files: number;
  readonly ignoredLines: number;
};

/** One piece of delivered work, or its undoing, before the user gets a pseudonym. */
export type SentOutcome = {
  /** Identity, such as `github:acme/web#4242`. */
  readonly id: string;
  readonly timeMs: number;
  readonly kind: OutcomeKind;
  /** See `SentUsage.subject`. */
  readonly subject?: string;
  readonly repository?: string;
  readonly branch?: string;
  /** Every commit known to belong to it: head, merge commit, listed commits. */
  readonly commits: readonly string[];
  /** Issue key or other name of the task; groups changes into one delivery unit. */
  readonly task?: string;
  readonly size?: ChangeSize;
  /** Paths of the files that a change touches. */
  readonly paths?: readonly string[];
  /** Commits of a push in the order in which they were made, with the paths that each touches. */
  readonly pushed?: readonly { readonly commit: string; readonly paths: readonly string[] }[];
  readonly environment?: string;
  /** Digest of what was deployed, or of what an incident came from. The same again delivers nothing. */
  readonly artifact?: string;
  /** For a deployment: the id of the change that it ships; for an incident, that it came from. */
  readonly change?: string;
  /**
   * What can be delivered more than once: an issue that is resolved, a service that is deployed. An
   * outcome that is rolled back takes back by it what it cannot name: every earlier resolution of the
   * issue; of the service, the deployments since the artifact that is live again.
   */
  readonly target?: string;
  readonly useCase?: string;
  /** Sessions that the sender names. */
  readonly sessions: readonly string[];
  readonly status: "succeeded" | "failed" | "rolled_back";
  /** The id of the outcome, or the commit, that this one undoes. */
  readonly reverts?: string;
};

/** What the ledger keeps. Append-only: credit is a fold over these facts. */
export type OutcomeEvent = Omit<SentOutcome, "subject" | "paths" | "pushed"> & {
  readonly user: UserPseudonym;
  /** Hashes of the files that a change touches, as `fileHashes` makes them; absent if not known. */
  readonly files?: readonly string[];
  readonly pushed?: readonly { readonly commit: string; readonly files: readonly string[] }[];
  /** Of incidents: id of the sender's key. Only what came with the same one withdraws them. */
  readonly sentBy?: string;
};

/** True of reverts, rollbacks and incidents: they deliver nothing themselves. */
export function isUndoing({ kind, reverts, status }: SentOutcome | OutcomeEvent): boolean {
  return kind === "incident" || reverts !== undefined || status === "rolled_back";
}
