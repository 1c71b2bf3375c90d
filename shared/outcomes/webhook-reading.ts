import type * as z from "zod";
import { schemaFault } from "../wire/schema-fault.ts";
import type { SentOutcome } from "./outcome-event.ts";

/** What a webhook delivery says, once its signature is known to be good. */
export type WebhookReading =
  | {
      readonly kind: "outcomes";
      readonly outcomes: readonly SentOutcome[];
      /**
       * What it means if the ledger holds the same id with other content. `duplicate`: the id is
       * unique for ever and the sender only states the fact again, later. `conflict`: it may be
       * another fact under a reused id, so a person has to look.
       */
      readonly restated: "duplicate" | "conflict";
    }
  | { readonly kind: "ignored"; readonly reason: string }
  | { readonly kind: "malformed"; readonly path: string; readonly message: string };

export function ignored(reason: string): WebhookReading {
  return { kind: "ignored", reason };
}

/** Reads only the fields that a schema names; all others of a payload may be of any form. */
export function readFields<Schema extends z.ZodType>(
  schema: Schema,
  payload: unknown,
  read: (fields: z.infer<Schema>) => WebhookReading,
): WebhookReading {
  const parsed = schema.safeParse(payload);
  if (parsed.success) {
    return read(parsed.data);
  }
  const { path, message } = schemaFault(parsed.error);
  return { kind: "malformed", path: path === "" ? "the payload" : path, message };
}
