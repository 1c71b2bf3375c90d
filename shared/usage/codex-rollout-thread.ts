import type { SessionMeta } from "./codex-rollout-line.ts";
import { MAX_LENGTH } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";

/** The thread that a rollout file is of. */
export type RolloutThread = {
  readonly id: string;
  /** Of a sub-agent, the session that it works for. */
  readonly session: string;
  readonly agent?: string;
  readonly provider: string;
  readonly branch?: string;
  readonly repository?: string;
  /** Whether the file may begin with a replay of another thread. */
  readonly hasParent: boolean;
  readonly startMs: number;
};

/** No model answers so fast; a replay is written in less. */
const FASTEST_ANSWER_MS = 1_000;

/** UUIDs of version 7 begin with their time (RFC 9562). */
const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export function rolloutThread({ timestamp, payload }: SessionMeta, fileId: string): RolloutThread {
  const id = payload.id ?? payload.session_id ?? fileId;
  const spawnedBy =
    payload.source?.subagent?.thread_spawn?.parent_thread_id ??
    (payload.source?.subagent === undefined ? undefined : payload.parent_thread_id);
  const isNamed = payload.session_id !== undefined && payload.session_id !== id;
  const session = isNamed ? payload.session_id : spawnedBy;
  return {
    id,
    session: session ?? id,
    provider: payload.model_provider?.trim().toLowerCase() ?? "openai",
    hasParent:
      (payload.forked_from_id ?? payload.parent_thread_id ?? spawnedBy ?? session) !== undefined,
    startMs: timestamp,
    ...givenFields({
      agent: session === undefined ? undefined : id,
      branch: payload.git?.branch,
      repository: repositoryOf(payload.git?.repository_url),
    }),
  };
}

/**
 * Whether a record is a replay of the thread that this one was forked from or spawned by, whose own
 * file counts it. Turns are named by the time they began: one that began before the thread is not of
 * it. Without a name, the record's own time tells: replays keep theirs, or get the time of the fork.
 */
export function isReplay(
  thread: RolloutThread,
  record: { readonly timeMs: number; readonly turn: string | undefined },
): boolean {
  if (!thread.hasParent) {
    return false;
  }
  const turnMs = uuidTimeMs(record.turn);
  const threadMs = uuidTimeMs(thread.id);
  return turnMs !== undefined && threadMs !== undefined
    ? turnMs < threadMs
    : record.timeMs < thread.startMs + FASTEST_ANSWER_MS;
}

function uuidTimeMs(id: string | undefined): number | undefined {
  const [, high, low] = UUID_V7.exec(id ?? "") ?? [];
  return high === undefined ? undefined : Number.parseInt(`${high}${low}`, 16);
}

/** `acme/web` of the address of its remote, as code hosts name it in their webhooks. */
function repositoryOf(url: string | undefined): string | undefined {
  const name = /[/:]([^/:]+\/[^/:]+?)(?:\.git)?\/?$/.exec(url ?? "")?.[1];
  return name !== undefined && name.length <= MAX_LENGTH.name ? name : undefined;
}
