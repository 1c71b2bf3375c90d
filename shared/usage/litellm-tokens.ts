import type { LitellmCall } from "./litellm-payload.ts";
import type { TokenBuckets } from "./usage-event.ts";

/**
 * The disjoint buckets of a call.
 *
 * LiteLLM states a cached count in up to three places, and a streamed call may have 0 in one of them
 * and the count in another (BerriAI/litellm issue 11789): the largest is taken.
 */
export function litellmTokens(call: LitellmCall): TokenBuckets {
  const usage = call.metadata?.usage_object;
  const details = usage?.prompt_tokens_details;
  const lifetimes = details?.cache_creation_token_details;
  const cacheRead = largest(usage?.cache_read_input_tokens, details?.cached_tokens);
  const cacheWrite1h = lifetimes?.ephemeral_1h_input_tokens ?? 0;
  const cacheWrite = largest(
    usage?.cache_creation_input_tokens,
    details?.cache_creation_tokens,
    details?.cache_write_tokens,
    cacheWrite1h + (lifetimes?.ephemeral_5m_input_tokens ?? 0),
  );
  return {
    uncachedInput: uncachedInput(call.prompt_tokens, cacheRead, cacheWrite),
    cacheRead,
    // The lifetimes of a streamed call with server tools are those of its first step, the total is
    // of all steps (issue 42663): what no lifetime is stated of was written for 5 minutes.
    cacheWrite5m: cacheWrite - cacheWrite1h,
    cacheWrite1h,
    ...outputOf(call),
  };
}

/**
 * `prompt_tokens` includes cached tokens. Earlier releases left out what was written, or both: then
 * it is smaller than its parts, and only what it can hold is taken off.
 */
function uncachedInput(prompt: number, cacheRead: number, cacheWrite: number): number {
  if (prompt >= cacheRead + cacheWrite) {
    return prompt - cacheRead - cacheWrite;
  }
  return prompt >= cacheRead ? prompt - cacheRead : prompt;
}

/** Reasoning is part of `completion_tokens`, unless the total of the call shows that it came on top. */
function outputOf(call: LitellmCall): Pick<TokenBuckets, "output" | "reasoning"> {
  const { prompt_tokens, completion_tokens, total_tokens, metadata } = call;
  const reasoning = metadata?.usage_object?.completion_tokens_details?.reasoning_tokens ?? 0;
  const isOnTop = total_tokens === prompt_tokens + completion_tokens + reasoning;
  const output = isOnTop ? completion_tokens + reasoning : completion_tokens;
  return { output, reasoning: Math.min(reasoning, output) };
}

function largest(...counts: readonly (number | null | undefined)[]): number {
  return Math.max(...counts.map((count) => count ?? 0));
}
