import * as z from "zod";
import type { UsageEvent } from "./usage-event.ts";

const Count = z.int().nonnegative();
const Text = z.string();

const Amount = z.codec(z.string().regex(/^-?\d+$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (amount) => amount.toString(),
});

const StoredUsage = z.object({
  id: Text,
  grain: z.enum(["request", "window", "day", "link"]),
  timeMs: z.int(),
  user: Text,
  attribution: z.enum(["bound", "asserted"]),
  session: Text,
  agent: Text.exactOptional(),
  tool: Text,
  provider: Text,
  model: Text,
  tokens: z.object({
    uncachedInput: Count,
    cacheRead: Count,
    cacheWrite5m: Count,
    cacheWrite1h: Count,
    output: Count,
    reasoning: Count,
  }),
  revision: z.object({ of: Text, asOfMs: z.int() }).exactOptional(),
  calls: Count.exactOptional(),
  tier: Text.exactOptional(),
  credits: z.object({ used: Count, overage: Count }).exactOptional(),
  reportedCostNanoUsd: Amount.exactOptional(),
  reportedForeign: z.object({ currency: Text, amountNano: Amount }).exactOptional(),
  useCase: Text.exactOptional(),
  repository: Text.exactOptional(),
  branch: Text.exactOptional(),
  commit: Text.exactOptional(),
  response: Text.exactOptional(),
  fingerprint: Text.exactOptional(),
});

/** A usage event as text, for what is kept outside of segments: quarantine. */
export function encodeUsage(event: UsageEvent): string {
  return JSON.stringify(z.encode(StoredUsage, event));
}

/** @throws {z.ZodError} if the text is not what {@link encodeUsage} wrote. */
export function decodeUsage(text: string): UsageEvent {
  return z.decode(StoredUsage, JSON.parse(text));
}
