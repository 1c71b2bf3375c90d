import * as z from "zod";
import { EARLIEST_TIME_MS, isPlainText, MAX_CALL_TOKENS, MAX_LENGTH } from "./field-limits.ts";

const MAX_SESSION_TOKENS = 1_000_000_000_000;
const TIME_MESSAGE = "must be a time after 2020 in RFC 3339, such as 2026-11-21T22:07:11.203Z";
const OBJECT_MESSAGE = "must be an object";

const counts = (max: number) => {
  const message = `must be a whole number from 0 to ${max}`;
  const count = z.int(message).min(0, message).max(max, message);
  const countIfGiven = count.nullish().transform((value) => value ?? 0);
  return z.object(
    {
      input_tokens: count,
      cached_input_tokens: countIfGiven,
      cache_write_input_tokens: countIfGiven,
      output_tokens: count,
      reasoning_output_tokens: countIfGiven,
    },
    OBJECT_MESSAGE,
  );
};

/** Usage of one call: the parts are in the wholes. */
const CallUsage = counts(MAX_CALL_TOKENS);
export type CallUsage = z.infer<typeof CallUsage>;
const SessionUsage = counts(MAX_SESSION_TOKENS);
export type SessionUsage = z.infer<typeof SessionUsage>;

/** A text that only describes: one that is not readable counts as not given. */
const label = z
  .string()
  .refine((value) => isPlainText(value, MAX_LENGTH.name))
  .optional()
  .catch(undefined);
const id = z
  .string()
  .refine((value) => isPlainText(value, MAX_LENGTH.id))
  .optional()
  .catch(undefined);

const time = z.iso
  .datetime({ offset: true, message: TIME_MESSAGE })
  .transform((value) => Date.parse(value))
  .refine((timeMs) => timeMs >= EARLIEST_TIME_MS, TIME_MESSAGE);

/**
 * The first one of a file is the thread's own; a fork has a copy of its parent's behind it. Of a
 * sub-agent, `session_id` is the session that it works for.
 */
export const SessionMeta = z.object({
  type: z.literal("session_meta"),
  timestamp: time,
  payload: z.object({
    id,
    session_id: id,
    forked_from_id: id,
    parent_thread_id: id,
    model_provider: label,
    source: z
      .object({
        subagent: z
          .object({
            thread_spawn: z.object({ parent_thread_id: id }).optional().catch(undefined),
          })
          .optional()
          .catch(undefined),
      })
      .optional()
      .catch(undefined),
    git: z.object({ branch: label, repository_url: id }).nullish().catch(undefined),
  }),
});
export type SessionMeta = z.infer<typeof SessionMeta>;

export const TurnContext = z.object({
  type: z.literal("turn_context"),
  payload: z.object({ turn_id: id, model: label }),
});

export const TaskStarted = z.object({
  type: z.literal("event_msg"),
  payload: z.object({ type: z.literal("task_started"), turn_id: id }),
});

export const TokenUsageRecord = z.object({
  type: z.literal("token_usage_record"),
  timestamp: time,
  payload: z.object(
    {
      thread_id: id,
      turn_id: id,
      response_id: id,
      usage: CallUsage,
      thread_token_usage: SessionUsage.nullish().catch(undefined),
    },
    OBJECT_MESSAGE,
  ),
});

export const TokenCount = z.object({
  type: z.literal("event_msg"),
  timestamp: time,
  payload: z.object({
    type: z.literal("token_count"),
    /** Null where only the limits of the plan are told. */
    info: z
      .object(
        {
          total_token_usage: SessionUsage.nullish(),
          last_token_usage: CallUsage.nullish(),
          model: label,
        },
        OBJECT_MESSAGE,
      )
      .nullish(),
  }),
});

/** What a line is, told before it is parsed: most of them are prompts and the output of tools. */
const MARKS = [
  '"session_meta"',
  '"turn_context"',
  '"task_started"',
  '"token_usage_record"',
  '"token_count"',
] as const;

/** Marks stand only in the line itself: within a text, quotes are escaped. */
export function saysNothingOfUsage(line: string): boolean {
  return !MARKS.some((mark) => line.includes(mark));
}

const RolloutLineKind = z.object({
  type: z.string(),
  payload: z
    .object({ type: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** `session_meta`, `event_msg/token_count`, … */
export function rolloutLineKind(value: unknown): string {
  const { type = "", payload } = RolloutLineKind.safeParse(value).data ?? {};
  return type === "event_msg" ? `${type}/${payload?.type ?? ""}` : type;
}
