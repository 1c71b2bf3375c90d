import * as z from "zod";
import {
  EARLIEST_TIME_MS,
  isPlainText,
  MAX_CALL_TOKENS,
  MAX_COST_USD,
  MAX_LENGTH,
} from "./field-limits.ts";

const OBJECT_MESSAGE = "must be an object";
const COUNT_MESSAGE = `must be a whole number from 0 to ${MAX_CALL_TOKENS}`;
const COST_MESSAGE = `must be an amount in USD from 0 to ${MAX_COST_USD}`;
const TIME_MESSAGE = "must be seconds since 1970, and after 2020";
const MODEL_MESSAGE = `must be a text of 1 to ${MAX_LENGTH.name} characters without control characters`;

const LATEST_TIME_S = Date.UTC(9999, 11, 31) / 1000;

const count = z.int(COUNT_MESSAGE).min(0, COUNT_MESSAGE).max(MAX_CALL_TOKENS, COUNT_MESSAGE);
const countIfGiven = count.nullish();
const seconds = z
  .number(TIME_MESSAGE)
  .min(EARLIEST_TIME_MS / 1000, TIME_MESSAGE)
  .max(LATEST_TIME_S, TIME_MESSAGE);

/** A text that only describes: one that is not readable counts as not given. */
const label = (maxLength: number) =>
  z
    .string()
    .trim()
    .refine((value) => isPlainText(value, maxLength))
    .optional()
    .catch(undefined);

/** A part that only describes: of another form, it counts as not given. */
const part = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object(shape).optional().catch(undefined);

/** What says whether a payload is spend. Every payload has it, also one of a call that failed. */
export const LitellmResult = z.object(
  {
    status: z.enum(["success", "failure"], "must be success or failure"),
    cache_hit: z.boolean("must be true, false or null").nullish(),
    response_cost: z
      .number(COST_MESSAGE)
      .min(0, COST_MESSAGE)
      .max(MAX_COST_USD, COST_MESSAGE)
      .nullish(),
    prompt_tokens: count,
    completion_tokens: count,
  },
  OBJECT_MESSAGE,
);
export type LitellmResult = z.infer<typeof LitellmResult>;

const CacheWriteLifetimes = z
  .object({ ephemeral_5m_input_tokens: countIfGiven, ephemeral_1h_input_tokens: countIfGiven })
  .nullish();

/** The counts in detail. They decide money, so what is given has to be readable. */
const UsageObject = z
  .object(
    {
      cache_read_input_tokens: countIfGiven,
      cache_creation_input_tokens: countIfGiven,
      prompt_tokens_details: z
        .object({
          cached_tokens: countIfGiven,
          cache_creation_tokens: countIfGiven,
          cache_write_tokens: countIfGiven,
          cache_creation_token_details: CacheWriteLifetimes,
        })
        .nullish(),
      completion_tokens_details: z.object({ reasoning_tokens: countIfGiven }).nullish(),
      service_tier: label(MAX_LENGTH.name),
    },
    OBJECT_MESSAGE,
  )
  .nullish();

/**
 * What is read of LiteLLM's `StandardLoggingPayload` (docs.litellm.ai, "StandardLoggingPayload
 * Specification"; field types in `litellm/types/utils.py`). The payload grows with each release, so
 * other fields are dropped: messages, responses, keys, addresses and tags are never read.
 */
export const LitellmCall = LitellmResult.extend({
  id: label(MAX_LENGTH.id),
  litellm_call_id: label(MAX_LENGTH.id),
  trace_id: label(MAX_LENGTH.session),
  total_tokens: count.optional().catch(undefined),
  startTime: seconds,
  endTime: seconds.nullish(),
  model: z
    .string(MODEL_MESSAGE)
    .refine((value) => isPlainText(value, MAX_LENGTH.name), MODEL_MESSAGE),
  custom_llm_provider: label(MAX_LENGTH.name),
  call_type: label(MAX_LENGTH.name),
  model_parameters: part({ service_tier: label(MAX_LENGTH.name) }),
  model_map_information: part({ model_map_key: label(MAX_LENGTH.name) }),
  end_user: label(MAX_LENGTH.subject),
  hidden_params: part({
    additional_headers: part({
      "llm_provider-request-id": label(MAX_LENGTH.id),
      "llm_provider-x-request-id": label(MAX_LENGTH.id),
      "llm_provider-x-amzn-requestid": label(MAX_LENGTH.id),
      "llm_provider-apim-request-id": label(MAX_LENGTH.id),
    }),
  }),
  metadata: z
    .object(
      {
        user_api_key_user_email: label(MAX_LENGTH.subject),
        user_api_key_user_id: label(MAX_LENGTH.subject),
        user_api_key_end_user_id: label(MAX_LENGTH.subject),
        requester_custom_headers: part({
          "x-claude-code-session-id": label(MAX_LENGTH.session),
          "x-claude-code-agent-id": label(MAX_LENGTH.name),
        }),
        usage_object: UsageObject,
      },
      OBJECT_MESSAGE,
    )
    .nullish(),
});
export type LitellmCall = z.infer<typeof LitellmCall>;
