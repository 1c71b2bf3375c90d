import * as z from "zod";
import { EARLIEST_TIME_MS, isPlainText, MAX_CALL_TOKENS, MAX_LENGTH } from "./field-limits.ts";

const OBJECT_MESSAGE = "must be an object";
const COUNT_MESSAGE = `must be a whole number from 0 to ${MAX_CALL_TOKENS}`;
const TIME_MESSAGE = "must be a time after 2020 in RFC 3339, such as 2026-11-21T22:25:00Z";

const count = z
  .int(COUNT_MESSAGE)
  .min(0, COUNT_MESSAGE)
  .max(MAX_CALL_TOKENS, COUNT_MESSAGE)
  .nullish();

const text = (maxLength: number) => {
  const message = `must be a text of 1 to ${maxLength} characters without control characters`;
  return z.string(message).refine((value) => isPlainText(value, maxLength), message);
};

/** A text that only describes: one that is not readable counts as not given. */
const label = (maxLength: number) =>
  z
    .string()
    .trim()
    .refine((value) => isPlainText(value, maxLength))
    .optional()
    .catch(undefined);

/** What says whether a record is a call at all. */
export const BedrockRecordKind = z.object({ schemaType: z.string().optional() }, OBJECT_MESSAGE);

/**
 * What is read of one record of Amazon Bedrock's model invocation log, schema version 1.0
 * (docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html). Bodies, and all else, are
 * dropped.
 */
export const BedrockRecord = z.object({
  timestamp: z.iso
    .datetime({ offset: true, message: TIME_MESSAGE })
    .refine((value) => Date.parse(value) >= EARLIEST_TIME_MS, TIME_MESSAGE),
  requestId: text(MAX_LENGTH.id),
  modelId: text(2_048),
  errorCode: label(MAX_LENGTH.name),
  identity: z
    .object({ arn: label(2_048) })
    .optional()
    .catch(undefined),
  input: z
    .object(
      {
        inputTokenCount: count,
        cacheReadInputTokenCount: count,
        cacheWriteInputTokenCount: count,
      },
      OBJECT_MESSAGE,
    )
    .nullish(),
  output: z.object({ outputTokenCount: count }, OBJECT_MESSAGE).nullish(),
  requestMetadata: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
export type BedrockRecord = z.infer<typeof BedrockRecord>;
