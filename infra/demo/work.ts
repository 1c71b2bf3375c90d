import type { ModelCall } from "./model-calls.ts";
import type { Person } from "./people.ts";

/** A commit that the agent made in a session. */
export type Commit = { readonly sha: string; readonly timeMs: number };

/** One run of the client: what telemetry is made of. */
export type Session = {
  readonly id: string;
  readonly person: Person;
  /** In order of time; never empty. */
  readonly calls: readonly ModelCall[];
  /** Absent for questions and other work outside a branch. */
  readonly branch?: string;
  readonly commits: readonly Commit[];
  /** What was drawn for it, in USD: its calls' list cost comes near it. */
  readonly drawnCostUsd: number;
  readonly succeeded: boolean;
};

/** A pull request and what became of it. Times past the demo's end have not happened yet. */
export type Change = {
  readonly author: Person;
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly branch: string;
  readonly headSha: string;
  readonly mergeSha: string;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly files: number;
  readonly openedMs: number;
  readonly closes?: { readonly timeMs: number; readonly merged: boolean };
  readonly deployed?: { readonly timeMs: number; readonly id: number };
  /** Set on the pull request that undoes another. */
  readonly reverts?: { readonly number: number; readonly mergeSha: string; readonly title: string };
};

/** A change before the code host has numbered it. */
export type ChangeDraft = Omit<Change, "number" | "body" | "reverts"> & {
  readonly reverts?: ChangeDraft;
};

export type Work = {
  readonly sessions: readonly Session[];
  readonly changes: readonly ChangeDraft[];
};

export function sessionStartMs(session: Session): number {
  return session.calls[0]?.timeMs ?? Number.NaN;
}

export function sessionEndMs(session: Session): number {
  return session.calls.at(-1)?.timeMs ?? Number.NaN;
}
