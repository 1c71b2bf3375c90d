import type * as z from "zod";
import { schemaFault } from "../wire/schema-fault.ts";
import { bedrockContext } from "./bedrock-identity.ts";
import { BedrockRecord, BedrockRecordKind } from "./bedrock-record.ts";
import { parseDropJson } from "./drop-json.ts";
import { callIdentity, normalisedModel } from "./field-limits.ts";
import { heldBackIfInFuture, type Reading } from "./reading.ts";
import type { DropSelection, UsageDropFormat } from "./usage-drop.ts";
import { NO_TOKENS, type SentUsage, type TokenBuckets } from "./usage-event.ts";

/** In the price book's names. */
const PROVIDER = "aws";
const SCHEMA_TYPE = "ModelInvocationLog";

/**
 * Amazon Bedrock's model invocation log: gzipped JSON lines, one record a call. Ignored and counted are
 * records of other schemas, and calls that failed before anything was used.
 */
export const BEDROCK_LOGS: UsageDropFormat = {
  select,
  reader: ({ nowMs }) => ({
    read: (line) => [heldBackIfInFuture(readLine(line), nowMs)],
    end: () => [],
  }),
};

/** Bedrock puts bodies of more than 100 KB into `data/`, and a marker when logging is set up. */
function select(path: readonly string[]): DropSelection {
  const name = path.at(-1) ?? "";
  if (path.at(-2) === "data") {
    return { kind: "skipped", name: "bedrock-body" };
  }
  return /\.(?:json|jsonl)(?:\.gz)?$/.test(name)
    ? { kind: "read" }
    : { kind: "skipped", name: "bedrock-other" };
}

function readLine(line: string): Reading {
  const parsed = parseDropJson(line);
  if (parsed.kind === "malformed") {
    return { kind: "rejected", path: "", message: parsed.message };
  }
  const kind = BedrockRecordKind.safeParse(parsed.value);
  if (!kind.success) {
    return rejectedFor(kind.error);
  }
  if (kind.data.schemaType !== SCHEMA_TYPE) {
    return { kind: "ignored", name: "other-schema" };
  }
  const record = BedrockRecord.safeParse(parsed.value);
  return record.success ? readRecord(record.data) : rejectedFor(record.error);
}

function readRecord(record: BedrockRecord): Reading {
  const tokens = tokensOf(record);
  const isUsed = Object.values(tokens).some((count) => count > 0);
  return record.errorCode !== undefined && !isUsed
    ? { kind: "ignored", name: "failure-without-usage" }
    : { kind: "accepted", event: usageOf(record, tokens) };
}

function usageOf(record: BedrockRecord, tokens: TokenBuckets): SentUsage {
  return {
    id: callIdentity(PROVIDER, record.requestId),
    grain: "request",
    timeMs: Date.parse(record.timestamp),
    ...bedrockContext(record),
    provider: PROVIDER,
    model: modelOf(record.modelId),
    tokens,
  };
}

/** The log does not say for how long the cache was written; five minutes is Bedrock's default. */
function tokensOf({ input, output }: BedrockRecord): TokenBuckets {
  return {
    ...NO_TOKENS,
    uncachedInput: input?.inputTokenCount ?? 0,
    cacheRead: input?.cacheReadInputTokenCount ?? 0,
    cacheWrite5m: input?.cacheWriteInputTokenCount ?? 0,
    output: output?.outputTokenCount ?? 0,
  };
}

/**
 * The id that prices are listed by: an ARN of an inference profile or a foundation model ends in it, and
 * keeps the prefix of its Region, which costs more. Other ARNs are of models and profiles that the account
 * made itself, which only a contract price can name: they keep their kind. An ARN that ends in nothing stays
 * whole.
 */
function modelOf(modelId: string): string {
  const resource = modelId.startsWith("arn:") ? modelId.split(":").slice(5).join(":") : modelId;
  const name = normalisedModel(resource.replace(/^(?:inference-profile|foundation-model)\//, ""));
  return name === "" ? normalisedModel(modelId) : name;
}

/** The first thing wrong, without any text that was sent. */
function rejectedFor(error: z.ZodError): Reading {
  return { kind: "rejected", ...schemaFault(error) };
}
