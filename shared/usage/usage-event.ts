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
 * - `day`: what a source says that a user's day came to. Never added to requests or windows of the
 *   same tool: one of the two is the authority, the other is there to be compared with.
 * - `link`: no spend; ties a session to a commit or branch.
 */
export type UsageGrain = "request" | "window" | "day" | "link";

/**
 * Says that a record restates a row of its source: of all records of a user's day with the same
 * `of`, only the latest counts. All of them are kept.
 */
export type Revision = {
  /** Names the row: the source and all that tells its rows apart. Kept under a keyed hash. */
  readonly of: string;
  /** When the source said so, milliseconds since 1970 UTC. */
  readonly asOfMs: number;
};

/** Credits of a vendor, in whole millionths of a credit. `overage` is beside `used`, not part of it. */
export type Credits = { readonly used: number; readonly overage: number };

/** An amount in a currency other than USD: the ISO 4217 code, and billionths of its unit. */
export type ForeignAmount = { readonly currency: string; readonly amountNano: bigint };

/** The spend of one model call as every source is turned into, before the user gets a pseudonym. */
export type SentUsage = {
  /** Identity of the call: the provider's request id where there is one, else unique to the call. */
  readonly id: string;
  readonly grain: UsageGrain;
  /**
   * When the call happened, milliseconds since 1970 UTC, as its source first stated it; of a `day`,
   * its midnight; of a cumulative counter, when it began to count.
   */
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
  /** Set where a later record replaces this one. The `id` then has to name both of its fields. */
  readonly revision?: Revision;
  /** Model calls that a window or a day sums up, where the source says how many. */
  readonly calls?: number;
  /** Price tier, where it is not the standard one: `batch`, `fast`, `priority`, `flex`. */
  readonly tier?: string;
  readonly credits?: Credits;
  /** The sender's own estimate. Prices the call only if the price book does not know the model. */
  readonly reportedCostNanoUsd?: NanoUsd;
  /**
   * The sender's own estimate where it is in another currency, as it was sent: it is converted when
   * the call is priced, so that a rate can come later, or be put right.
   */
  readonly reportedForeign?: ForeignAmount;
  readonly useCase?: string;
  readonly repository?: string;
  readonly branch?: string;
  readonly commit?: string;
  /**
   * Short hash of the provider's id of the response, where the source has it: a second identity of the
   * call. Whatever request ids replays and gateways give it, a response counts once.
   */
  readonly response?: string;
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
