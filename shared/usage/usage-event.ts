import type { NanoUsd } from "../money/nano-usd.ts";

/**
 * Disjoint token counts of one model call. `reasoning` is part of `output` and is information only;
 * the other five never overlap. All are whole and not negative.
 */
export type TokenBuckets = {
  readonly uncachedInput: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly reasoning: number;
};

/**
 * What one record says:
 * - `request`: one model call. The authority for money.
 * - `window`: a counter's increase over a short window (OTLP metrics). Counted only for a session
 *   that sent no `request` record that day for the same tool, so the same spend never counts twice.
 * - `link`: no spend; ties a session to a commit or branch.
 */
export type UsageGrain = "request" | "window" | "link";

/** The spend of one model call as every source is turned into, before the user gets a pseudonym. */
export type SentUsage = {
  /** Identity of the call: the provider's request id where there is one, else unique to the call. */
  readonly id: string;
  readonly grain: UsageGrain;
  /** When the call happened, milliseconds since 1970 UTC, as its source first stated it. */
  readonly timeMs: number;
  /**
   * Who spent it, in the namespace of the sender: an e-mail address in lower case, or
   * `github:<login>`, or `claude-code:<installation id>`. Absent if the sender names no one.
   */
  readonly subject?: string;
  /** Session id of the sender; `-` if it has none. */
  readonly session: string;
  /** Sub-agent within the session. */
  readonly agent?: string;
  readonly tool: string;
  readonly provider: string;
  readonly model: string;
  readonly tokens: TokenBuckets;
  /** The sender's own estimate. Prices the call only if the price book does not know the model. */
  readonly reportedCostNanoUsd?: NanoUsd;
  readonly useCase?: string;
  readonly repository?: string;
  readonly branch?: string;
  readonly commit?: string;
  /** Hash of the request or of (tool, arguments), for repeats; never content. */
  readonly fingerprint?: string;
};

/** A pseudonym: HMAC of the subject, 22 characters of base64url. The only user id outside the directory. */
export type UserPseudonym = string;

/** What the ledger keeps: {@link SentUsage} with a pseudonym in place of the subject. */
export type UsageEvent = Omit<SentUsage, "subject"> & {
  readonly user: UserPseudonym;
  /** `bound`: the sender's key names the user. `asserted`: the client said so. */
  readonly attribution: "bound" | "asserted";
};

/** The user of spend that no one is named for: a visible line of its own in every report. */
export const UNATTRIBUTED: UserPseudonym = "unattributed";

export const NO_TOKENS: TokenBuckets = {
  uncachedInput: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
};

export function addTokens(a: TokenBuckets, b: TokenBuckets): TokenBuckets {
  return {
    uncachedInput: a.uncachedInput + b.uncachedInput,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
  };
}
