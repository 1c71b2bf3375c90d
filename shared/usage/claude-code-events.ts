import { type NanoUsd, nanoUsdFromNumber } from "../money/nano-usd.ts";
import type { OtlpLogRecord } from "../otlp/export-request.ts";
import { readCommitLink } from "./claude-code-commits.ts";
import { claudeCodeContext, claudeCodeModel } from "./claude-code-identity.ts";
import { callIdentity, MAX_CALL_TOKENS, MAX_COST_USD, MAX_LENGTH } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import { otlpEventName, otlpEventTimeMs } from "./otlp-event.ts";
import { type OtlpFields, otlpFields } from "./otlp-fields.ts";
import { type Reading, readingOf } from "./reading.ts";
import { NO_TOKENS, type SentUsage, type TokenBuckets } from "./usage-event.ts";

const EVENT_PREFIX = "claude_code.";
const NANO_USD_PER_MICRO_USD = 1_000n;

/**
 * Reads one event of Claude Code (code.claude.com, "Monitoring").
 *
 * - `api_request` is one model call. Its identity is the provider's request id, so that a gateway
 *   that reports the same call makes the same identity. `assistant_response`, `tool_decision` and
 *   `tool_result` carry the same request id, and no usage.
 * - `tool_result` with a commit, which is sent when tool details are on, ties the session to it.
 *
 * All else is ignored. Only the attributes named here are ever read: prompts, responses, tool
 * inputs and command lines are not.
 */
export function readClaudeCodeEvent(record: OtlpLogRecord): Reading {
  const name = eventName(record);
  if (name === "api_request") {
    return readingOf(() => ({ kind: "accepted", event: modelCall(record) }));
  }
  if (name === "tool_result") {
    return readingOf(() => readCommitLink(record));
  }
  return { kind: "ignored", name };
}

function eventName(record: OtlpLogRecord): string {
  const name = otlpEventName(record);
  return name.startsWith(EVENT_PREFIX) ? name.slice(EVENT_PREFIX.length) : name;
}

function modelCall(record: OtlpLogRecord): SentUsage {
  const fields = otlpFields(record);
  const context = claudeCodeContext(fields);
  const model = claudeCodeModel(fields);
  return {
    id: identityOf(record, fields, model.provider, context.session),
    grain: "request",
    timeMs: otlpEventTimeMs(record),
    ...context,
    ...model,
    tokens: tokensOf(fields),
    ...givenFields({ tier: tierOf(fields), reportedCostNanoUsd: reportedCost(fields) }),
  };
}

/**
 * The request id, or else the id that the client gave the request. A call with neither is told
 * apart by all of session, time, sequence and name: a resumed session counts its sequence from 0.
 */
function identityOf(
  record: OtlpLogRecord,
  fields: OtlpFields,
  provider: string,
  session: string,
): string {
  const requestId = fields.textIfGiven("request_id", MAX_LENGTH.id);
  if (requestId !== undefined) {
    return callIdentity(provider, requestId);
  }
  const clientRequestId = fields.textIfGiven("client_request_id", MAX_LENGTH.id);
  if (clientRequestId !== undefined) {
    return `claude-code:client:${clientRequestId}`;
  }
  const sequence = fields.count("event.sequence", Number.MAX_SAFE_INTEGER) ?? "-";
  return `claude-code:${session}:${otlpEventTimeMs(record)}:${sequence}:api_request`;
}

function tokensOf(fields: OtlpFields): TokenBuckets {
  const count = (name: string) => fields.count(name, MAX_CALL_TOKENS);
  return {
    ...NO_TOKENS,
    uncachedInput: fields.requiredCount("input_tokens", MAX_CALL_TOKENS),
    output: fields.requiredCount("output_tokens", MAX_CALL_TOKENS),
    cacheRead: count("cache_read_tokens") ?? 0,
    ...cacheWrites(
      count("cache_creation_tokens"),
      count("cache_creation_5m_tokens"),
      count("cache_creation_1h_tokens"),
    ),
  };
}

/** The two lifetimes, where they are told apart. What is in the total and in neither was written for 5 minutes. */
function cacheWrites(
  total = 0,
  fiveMinutes = 0,
  oneHour = 0,
): Pick<TokenBuckets, "cacheWrite5m" | "cacheWrite1h"> {
  return { cacheWrite5m: Math.max(fiveMinutes, total - oneHour), cacheWrite1h: oneHour };
}

/** Fast mode costs a multiple of the list price; `normal`, or nothing, is the standard tier. */
function tierOf(fields: OtlpFields): string | undefined {
  return fields.label(["speed"], MAX_LENGTH.name)?.toLowerCase() === "fast" ? "fast" : undefined;
}

function reportedCost(fields: OtlpFields): NanoUsd | undefined {
  const micros = fields.count("cost_usd_micros", MAX_COST_USD * 1_000_000);
  if (micros !== undefined) {
    return BigInt(micros) * NANO_USD_PER_MICRO_USD;
  }
  const usd = fields.usd("cost_usd");
  return usd === undefined ? undefined : nanoUsdFromNumber(usd);
}
