import type { TokenBuckets } from "./usage-event.ts";

/** 2020-01-01: earlier calls do not exist, but times in the wrong unit look like 1970. */
export const EARLIEST_TIME_MS = Date.UTC(2020, 0, 1);

/** Most tokens that one bucket of one model call can hold. */
export const MAX_CALL_TOKENS = 1_000_000_000;

/** Most tokens that a counter can have grown in one window. */
export const MAX_WINDOW_TOKENS = 1_000_000_000_000;

/** Most that one record can cost, in USD. */
export const MAX_COST_USD = 1_000_000;

/** Lengths of texts, in UTF-16 units. */
export const MAX_LENGTH = { id: 256, session: 256, subject: 320, name: 200 } as const;

const CONTROL_CHARACTER = /\p{Cc}/u;
const COMMIT = /^[0-9a-f]{7,64}$/i;

/** Whether a text can be stored and shown: not blank, not too long, no control characters or broken surrogates. */
export function isPlainText(text: string, maxLength: number): boolean {
  return (
    text.trim() !== "" &&
    text.length <= maxLength &&
    text.isWellFormed() &&
    !CONTROL_CHARACTER.test(text)
  );
}

/** Whether a text is a commit id, whole or abbreviated, of SHA-1 or SHA-256. */
export function isCommit(text: string): boolean {
  return COMMIT.test(text);
}

/** Model names as the price book looks them up: lower case, without the mark of a larger context. */
export function normalisedModel(model: string): string {
  return model
    .trim()
    .toLowerCase()
    .replace(/\[1m\]$/, "");
}

/**
 * Identity of a model call by its provider's request id. Every source that knows the id makes the
 * same identity of it, so the same call seen twice counts once.
 */
export function callIdentity(provider: string, requestId: string): string {
  return `${provider}:${requestId}`;
}

/**
 * Identity of a model call that its sender gives no id: all that tells it apart from the other calls
 * of its session. The same record sent again makes the same one.
 */
export function identityByContent(
  parts: readonly (string | number | bigint)[],
  tokens: TokenBuckets,
): string {
  const { uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning } = tokens;
  const counts = [uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning];
  return [...parts, counts.join("-")].join(":");
}
