import * as z from "zod";
import {
  EARLIEST_TIME_MS,
  isCommit,
  isPlainText,
  MAX_CALL_TOKENS,
  MAX_COST_USD,
  MAX_LENGTH,
} from "./field-limits.ts";

const TIME_MESSAGE = "must be a time after 2020 in RFC 3339, such as 2026-11-21T22:03:57.661Z";
const COUNT_MESSAGE = `must be a whole number from 0 to ${MAX_CALL_TOKENS}`;
const OBJECT_MESSAGE = "must be an object";
const COST_MESSAGE = `must be an amount from 0 to ${MAX_COST_USD}`;

const count = z.int(COUNT_MESSAGE).min(0, COUNT_MESSAGE).max(MAX_CALL_TOKENS, COUNT_MESSAGE);
const countIfGiven = count.nullish().transform((value) => value ?? 0);

const text = (maxLength: number) => {
  const message = `must be a text of 1 to ${maxLength} characters without control characters`;
  return z.string(message).refine((value) => isPlainText(value, maxLength), message);
};

/** Null is how a version that does not know a field writes it: the same as not given. */
const textIfGiven = (maxLength: number) =>
  z
    .literal("")
    .nullish()
    .transform(() => undefined)
    .or(text(maxLength));

/** A text that only describes: one that is not readable counts as not given. */
const label = text(MAX_LENGTH.name).optional().catch(undefined);

const time = z.iso
  .datetime({ offset: true, message: TIME_MESSAGE })
  .transform((value) => Date.parse(value))
  .refine((timeMs) => timeMs >= EARLIEST_TIME_MS, TIME_MESSAGE);

const Usage = z.object(
  {
    input_tokens: count,
    output_tokens: count,
    cache_read_input_tokens: countIfGiven,
    cache_creation_input_tokens: countIfGiven,
    cache_creation: z
      .object(
        {
          ephemeral_5m_input_tokens: countIfGiven,
          ephemeral_1h_input_tokens: countIfGiven,
        },
        OBJECT_MESSAGE,
      )
      .nullish(),
    output_tokens_details: z
      .object({ thinking_tokens: countIfGiven }, OBJECT_MESSAGE)
      .nullish()
      .catch(undefined),
    service_tier: label,
    speed: label,
  },
  OBJECT_MESSAGE,
);
export type TranscriptUsage = z.infer<typeof Usage>;

/**
 * What is read of a line of `type` `assistant`: one content block of a response of the model, with
 * the usage of the whole response. What it says, `cwd`, and all else is dropped.
 */
export const AssistantLine = z.object(
  {
    uuid: label,
    timestamp: time,
    sessionId: textIfGiven(MAX_LENGTH.session),
    requestId: textIfGiven(MAX_LENGTH.id),
    agentId: label,
    isSidechain: z.boolean().optional().catch(undefined),
    isApiErrorMessage: z.boolean().optional().catch(undefined),
    gitBranch: label,
    costUSD: z.number(COST_MESSAGE).min(0, COST_MESSAGE).max(MAX_COST_USD, COST_MESSAGE).nullish(),
    forkedFrom: z
      .object({ sessionId: text(MAX_LENGTH.session) })
      .optional()
      .catch(undefined),
    message: z.object(
      {
        id: textIfGiven(MAX_LENGTH.id),
        model: text(MAX_LENGTH.name),
        stop_reason: label,
        usage: Usage,
      },
      OBJECT_MESSAGE,
    ),
  },
  OBJECT_MESSAGE,
);
export type AssistantLine = z.infer<typeof AssistantLine>;

/** What is read of a line whose tool made a commit. */
export const CommitLine = z.object({
  timestamp: time,
  sessionId: text(MAX_LENGTH.session),
  toolUseResult: z.object({
    gitOperation: z.object({
      commit: z.object({ sha: z.string().refine(isCommit), branch: label }),
    }),
  }),
});

/**
 * Whether a line is neither a response nor tells of a commit, told before it is parsed: most lines are
 * prompts and the output of tools. The marks stand only in the line itself: within a text, quotes are
 * escaped. A line that is not whole is no other.
 */
export function saysNothingOfUsage(line: string): boolean {
  const isResponse = line.includes('"usage"') && line.includes('"assistant"');
  return !isResponse && !line.includes('"gitOperation"') && line.endsWith("}");
}

/** Every line says what it is. */
export const LineType = z.object({ type: z.string() });
