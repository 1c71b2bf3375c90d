type Headers = (name: string) => string | undefined;

/** When it says nothing: 1, 2, 4, 8 … seconds. */
const FIRST_DELAY_MS = 1_000;
const LONGEST_GUESS_MS = 60_000;
/** A reset above this is a time since 1970, in seconds; below, it is seconds from now. */
const EARLIEST_EPOCH_SECONDS = 1_000_000_000;

/**
 * Whether an answer says "later": 429, and what GitHub says instead, 403 with nothing left of the
 * limit.
 */
export function isRateLimited(status: number, header: Headers): boolean {
  return (
    status === 429 ||
    (status === 403 &&
      (header("retry-after") !== undefined || header("x-ratelimit-remaining") === "0"))
  );
}

/**
 * How long to wait before the same request is made again: as `Retry-After` says (RFC 9110 section
 * 10.2.3: seconds, or a date), else until the limit of the provider is reset, else twice as long
 * with every attempt.
 *
 * @param attempt From 1.
 */
export function retryDelayMs(header: Headers, attempt: number, nowMs: number): number {
  const retryAfter = header("retry-after");
  return (
    delayOf(retryAfter, nowMs) ??
    delayOf(header("x-ratelimit-reset"), nowMs) ??
    delayOf(header("anthropic-ratelimit-requests-reset"), nowMs) ??
    durationMs(header("x-ratelimit-reset-requests")) ??
    Math.min(LONGEST_GUESS_MS, FIRST_DELAY_MS * 2 ** (attempt - 1))
  );
}

function delayOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    const seconds = Number(text);
    return Math.max(0, seconds > EARLIEST_EPOCH_SECONDS ? seconds * 1000 - nowMs : seconds * 1000);
  }
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** OpenAI's way of writing a time from now: `1s`, `6m0s`, `340ms`. */
function durationMs(text: string | undefined): number | undefined {
  const parts = [...(text ?? "").matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  return parts.length === 0
    ? undefined
    : parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (UNITS_MS[unit] ?? 0), 0);
}
