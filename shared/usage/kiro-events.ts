import type { OtlpLogRecord } from "../otlp/export-request.ts";
import {
  callIdentity,
  identityByContent,
  MAX_CALL_TOKENS,
  MAX_LENGTH,
  normalisedModel,
} from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import { creditMillionths, KIRO_TOOL } from "./kiro-day.ts";
import { otlpEventName, otlpEventTimeMs } from "./otlp-event.ts";
import { type OtlpFields, otlpFields } from "./otlp-fields.ts";
import { otlpSubject, workLabels } from "./otlp-labels.ts";
import { InvalidFieldError, type Reading, readingOf } from "./reading.ts";
import { type Credits, NO_TOKENS, type SentUsage } from "./usage-event.ts";

/**
 * Names of attributes, the first that is given. Only those of the user and of the client are
 * documented where we could read it; Kiro's page on the events is not public in full. A name that
 * turns out to be another one is one word more here.
 */
const NAMES = {
  user: ["kiro.user.id"],
  request: ["kiro.request.id"],
  session: ["kiro.session.id"],
  conversation: ["kiro.conversation.id"],
  model: ["kiro.model.name", "kiro.model.id"],
  credits: ["kiro.credits", "kiro.credits.used", "kiro.request.credits"],
  input: ["kiro.tokens.input", "kiro.input_tokens", "gen_ai.usage.input_tokens"],
  output: ["kiro.tokens.output", "kiro.output_tokens", "gen_ai.usage.output_tokens"],
} as const;

const MESSAGE = "kiro.chat.message";
const KNOWN_EVENT = /^kiro\.[a-z]{1,20}\.[a-z]{1,20}$/;

/**
 * Reads one of Kiro's events: `kiro.chat.message` is one request to a model. It says how Kiro was
 * used, and may say no cost: the credits of the day are the authority for money (`authorities`), so
 * nothing counts twice. All else is ignored.
 */
export function readKiroEvent(record: OtlpLogRecord): Reading {
  const name = otlpEventName(record) || record.bodyName;
  if (name === MESSAGE) {
    return readingOf(() => ({ kind: "accepted", event: modelCall(record) }));
  }
  return { kind: "ignored", name: KNOWN_EVENT.test(name) ? name : "other" };
}

function modelCall(record: OtlpLogRecord): SentUsage {
  const fields = otlpFields(record);
  const conversation = fields.label(NAMES.conversation, MAX_LENGTH.session);
  const session = fields.label(NAMES.session, MAX_LENGTH.session) ?? conversation ?? "-";
  const call = {
    timeMs: otlpEventTimeMs(record),
    session,
    tool: KIRO_TOOL,
    provider: KIRO_TOOL,
    model: normalisedModel(fields.label(NAMES.model, MAX_LENGTH.name) ?? "-"),
    tokens: {
      ...NO_TOKENS,
      uncachedInput: firstCount(fields, NAMES.input) ?? 0,
      output: firstCount(fields, NAMES.output) ?? 0,
    },
  };
  return {
    id: identityOf(record, fields, call),
    grain: "request",
    ...call,
    ...givenFields({
      subject: otlpSubject(fields, KIRO_TOOL, NAMES.user),
      agent: conversation === session ? undefined : conversation?.slice(0, MAX_LENGTH.name),
      credits: creditsOf(fields),
      ...workLabels(fields),
    }),
  };
}

function identityOf(
  { timeUnixNano }: OtlpLogRecord,
  fields: OtlpFields,
  call: Pick<SentUsage, "timeMs" | "session" | "model" | "tokens">,
): string {
  const requestId = fields.label(NAMES.request, MAX_LENGTH.id);
  return requestId === undefined
    ? identityByContent(
        [KIRO_TOOL, call.session, timeUnixNano > 0n ? timeUnixNano : call.timeMs, call.model],
        call.tokens,
      )
    : callIdentity(KIRO_TOOL, requestId);
}

function firstCount(fields: OtlpFields, names: readonly string[]): number | undefined {
  return names
    .map((name) => fields.count(name, MAX_CALL_TOKENS))
    .find((count) => count !== undefined);
}

function creditsOf(fields: OtlpFields): Credits | undefined {
  for (const name of NAMES.credits) {
    const credits = fields.number(name);
    if (credits !== undefined) {
      const used = creditMillionths(credits);
      if (used === undefined) {
        throw new InvalidFieldError(fields.pathOf(name), "must be an amount of credits");
      }
      return { used, overage: 0 };
    }
  }
  return undefined;
}
