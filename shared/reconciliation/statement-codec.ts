import * as z from "zod";
import type { ProviderStatement } from "./provider-statement.ts";

const Count = z.int().nonnegative();
const Day = z.iso.date();

const StoredStatement = z.object({
  provider: z.string(),
  kind: z.enum(["usage", "cost", "invoice"]),
  from: Day,
  to: Day,
  row: z.string(),
  asOfMs: z.int(),
  model: z.string().exactOptional(),
  tokens: z
    .object({
      uncachedInput: Count,
      cacheRead: Count,
      cacheWrite5m: Count,
      cacheWrite1h: Count,
      output: Count,
      reasoning: Count,
    })
    .exactOptional(),
  calls: Count.exactOptional(),
  costNanoUsd: z
    .codec(z.string().regex(/^-?\d+$/), z.bigint(), {
      decode: (text) => BigInt(text),
      encode: (amount) => amount.toString(),
    })
    .exactOptional(),
});

export function encodeStatement(statement: ProviderStatement): string {
  return JSON.stringify(z.encode(StoredStatement, statement));
}

/** @throws {z.ZodError} if the text is not what {@link encodeStatement} wrote. */
export function decodeStatement(text: string): ProviderStatement {
  return z.decode(StoredStatement, JSON.parse(text));
}
