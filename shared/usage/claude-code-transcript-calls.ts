import { nanoUsdFromNumber } from "../money/nano-usd.ts";
import type { IdentityHash } from "../ports/pseudonyms.ts";
import { CLAUDE_CODE_TOOL } from "./claude-code-identity.ts";
import type { AssistantLine, TranscriptUsage } from "./claude-code-transcript-line.ts";
import { callIdentity, normalisedModel } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import { InvalidFieldError } from "./reading.ts";
import type { SentUsage, TokenBuckets } from "./usage-event.ts";

/** One response of the model, as far as its lines have been read. */
export type TranscriptCall = {
  /** When the first of its lines was written: later lines do not move it to another day. */
  readonly firstMs: number;
  /** The line that says most. */
  readonly line: AssistantLine;
};

/** Where a file stands, for what its lines leave out. */
export type TranscriptPlace = {
  /** Of the session that a sub-agent works for, if the file is a sub-agent's. */
  readonly session: string;
  readonly agent?: string;
  readonly subject?: string;
};

/** Prefixes of message ids, which say who served the model, in the price book's names. */
const PROVIDERS: readonly (readonly [prefix: string, provider: string])[] = [
  ["msg_bdrk_", "aws"],
  ["msg_vrtx_", "google"],
];

/** 48 bits: told apart from the other responses of a person's day. */
const RESPONSE_LENGTH = 8;

/** Branch that git names where there is none. */
const DETACHED_HEAD = "HEAD";

/**
 * What is known of a response after one more of its lines: a replay within a sub-agent loses to the
 * line of the session itself; else the line with more tokens stands, as streaming writes partial
 * counts first.
 */
export function mergedCall(call: TranscriptCall, line: AssistantLine): TranscriptCall {
  const known = call.line;
  const isSidechain = line.isSidechain === true;
  const wasSidechain = known.isSidechain === true;
  if (isSidechain !== wasSidechain) {
    return wasSidechain ? { firstMs: line.timestamp, line } : call;
  }
  const stands = saysMore(line, known) ? line : known;
  const requestId = known.requestId ?? line.requestId;
  return {
    firstMs: Math.min(call.firstMs, line.timestamp),
    line: { ...stands, ...givenFields({ requestId }) },
  };
}

/** Whether a line with this id of the response adds to that call, though the requests differ. */
export function isSameResponse(known: AssistantLine, line: AssistantLine): boolean {
  return (
    known.isSidechain === true ||
    line.isSidechain === true ||
    known.requestId === undefined ||
    line.requestId === undefined
  );
}

/**
 * The call in our terms. Its identity is the provider's request id, as in Claude Code's telemetry and
 * in a gateway's records of the same call; that of the response, where there is no other.
 *
 * @throws {InvalidFieldError} if no id is given, or a part is more than its whole.
 */
export function usageOfCall(
  { firstMs, line }: TranscriptCall,
  place: TranscriptPlace,
  hash: IdentityHash,
): SentUsage {
  const { message, costUSD, isSidechain } = line;
  const provider = providerOf(message.id);
  return {
    id: identityOf(line, provider),
    grain: "request",
    timeMs: firstMs,
    session: line.forkedFrom?.sessionId ?? line.sessionId ?? place.session,
    tool: CLAUDE_CODE_TOOL,
    provider,
    model: normalisedModel(message.model),
    tokens: tokensOf(message.usage),
    ...givenFields({
      subject: place.subject,
      agent: line.agentId ?? (isSidechain === true ? place.agent : undefined),
      response: message.id === undefined ? undefined : hash(message.id).slice(0, RESPONSE_LENGTH),
      tier: tierOf(message.usage),
      branch: line.gitBranch === DETACHED_HEAD ? undefined : line.gitBranch,
      reportedCostNanoUsd: typeof costUSD === "number" ? nanoUsdFromNumber(costUSD) : undefined,
    }),
  };
}

function identityOf({ requestId, message, uuid }: AssistantLine, provider: string): string {
  const id = requestId ?? message.id;
  if (id !== undefined) {
    return callIdentity(provider, id);
  }
  if (uuid === undefined) {
    throw new InvalidFieldError("requestId", "must be given, or else message.id or uuid");
  }
  return `${CLAUDE_CODE_TOOL}:line:${uuid}`;
}

function providerOf(messageId: string | undefined): string {
  return PROVIDERS.find(([prefix]) => messageId?.startsWith(prefix))?.[1] ?? "anthropic";
}

/** What was written to the cache and is in neither lifetime was written for five minutes. */
function tokensOf(usage: TranscriptUsage): TokenBuckets {
  const fiveMinutes = usage.cache_creation?.ephemeral_5m_input_tokens ?? 0;
  const oneHour = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  const reasoning = usage.output_tokens_details?.thinking_tokens ?? 0;
  return {
    uncachedInput: usage.input_tokens,
    cacheRead: usage.cache_read_input_tokens,
    cacheWrite5m: Math.max(fiveMinutes, usage.cache_creation_input_tokens - oneHour),
    cacheWrite1h: oneHour,
    output: usage.output_tokens,
    reasoning: Math.min(reasoning, usage.output_tokens),
  };
}

/** Speed first: it is what the person asked for, and has a price of its own. */
function tierOf({ speed, service_tier }: TranscriptUsage): string | undefined {
  if (speed === "fast") {
    return speed;
  }
  return service_tier === "standard" ? undefined : service_tier;
}

function saysMore(line: AssistantLine, known: AssistantLine): boolean {
  const more = totalTokens(line) - totalTokens(known);
  const isEnd = line.message.stop_reason !== undefined && known.message.stop_reason === undefined;
  return more > 0 || (more === 0 && isEnd);
}

function totalTokens({ message: { usage } }: AssistantLine): number {
  return (
    usage.input_tokens +
    usage.output_tokens +
    usage.cache_read_input_tokens +
    usage.cache_creation_input_tokens
  );
}
