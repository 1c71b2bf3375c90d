import type { IdentityHash } from "../ports/pseudonyms.ts";
import type { CallUsage, SessionUsage } from "./codex-rollout-line.ts";
import type { RolloutThread } from "./codex-rollout-thread.ts";
import { callIdentity, normalisedModel } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import { disjointTokens } from "./inclusive-usage.ts";
import { InvalidFieldError } from "./reading.ts";
import type { SentUsage } from "./usage-event.ts";

/** As in its telemetry. */
const TOOL = "codex";

/** One model call of a thread. */
export type RolloutCall = {
  readonly timeMs: number;
  readonly model: string | undefined;
  readonly turn: string | undefined;
  /** A record of the call itself, or of a count that changed. */
  readonly source: "record" | "count";
  readonly usage: CallUsage;
  readonly responseId?: string;
  /** What the thread had used after it: no two calls of a thread have the same. */
  readonly total?: SessionUsage;
  /** Where the counts stand in the line, for errors. */
  readonly path: string;
};

/** The calls of a rollout, each once. */
export type RolloutCalls = {
  /** @returns whether the call is new. */
  readonly add: (call: RolloutCall) => boolean;
  readonly all: () => readonly RolloutCall[];
};

/** Where a turn has records of its calls, its counts only say the same again. */
export function rolloutCalls(): RolloutCalls {
  const calls = new Map<string, RolloutCall>();
  const turnsWithRecords = new Set<string | undefined>();
  return {
    add: (call) => {
      const key = `${call.source} ${callName(call)}`;
      if (call.source === "record") {
        turnsWithRecords.add(call.turn);
      }
      const isNew = !calls.has(key);
      if (isNew) {
        calls.set(key, call);
      }
      return isNew;
    },
    all: () =>
      [...calls.values()].filter(
        ({ source, turn }) => source === "record" || !turnsWithRecords.has(turn),
      ),
  };
}

/** Tells the calls of a thread apart: however often one is told, it has the same name. */
function callName({ timeMs, usage, total, responseId }: RolloutCall): string {
  if (responseId !== undefined) {
    return responseId;
  }
  return total === undefined ? `at:${timeMs}:${countsText(usage)}` : `total:${countsText(total)}`;
}

/**
 * The call in our terms. Its identity is the provider's id of the response, else what its thread had
 * used by then: a replay can have another time, but not another total.
 *
 * @throws {InvalidFieldError} if no model is known, or a part is more than its whole.
 */
export function usageOfRolloutCall(
  call: RolloutCall,
  thread: RolloutThread,
  { hash, subject }: { readonly hash: IdentityHash; readonly subject?: string },
): SentUsage {
  const { usage, responseId, model, path } = call;
  if (model === undefined) {
    throw new InvalidFieldError("turn_context.payload.model", "must be given before a call");
  }
  const id =
    responseId === undefined
      ? `${TOOL}:${thread.id}:${callName(call)}`
      : callIdentity(thread.provider, responseId);
  const { session, agent, branch, repository } = thread;
  return {
    id,
    grain: "request",
    timeMs: call.timeMs,
    session,
    tool: TOOL,
    provider: thread.provider,
    model: normalisedModel(model),
    tokens: disjointTokens({
      input: { count: usage.input_tokens, path: `${path}.input_tokens` },
      output: { count: usage.output_tokens, path: `${path}.output_tokens` },
      cacheRead: usage.cached_input_tokens,
      cacheWrite: usage.cache_write_input_tokens,
      reasoning: usage.reasoning_output_tokens,
    }),
    ...givenFields({ subject, agent, branch, repository, response: hash(id).slice(0, 8) }),
  };
}

/** What was used between two totals, where a call's own counts are not told. */
export function usageSince(total: SessionUsage, before: SessionUsage | undefined): CallUsage {
  const since = (count: keyof SessionUsage) => Math.max(0, total[count] - (before?.[count] ?? 0));
  return {
    input_tokens: since("input_tokens"),
    cached_input_tokens: since("cached_input_tokens"),
    cache_write_input_tokens: since("cache_write_input_tokens"),
    output_tokens: since("output_tokens"),
    reasoning_output_tokens: since("reasoning_output_tokens"),
  };
}

export function isNothing(usage: CallUsage): boolean {
  return usage.input_tokens === 0 && usage.output_tokens === 0;
}

function countsText(usage: SessionUsage): string {
  return [
    usage.input_tokens,
    usage.cached_input_tokens,
    usage.cache_write_input_tokens,
    usage.output_tokens,
    usage.reasoning_output_tokens,
  ].join("-");
}
