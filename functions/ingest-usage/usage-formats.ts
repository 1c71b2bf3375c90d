import { idOfLitellmItem, usageFromLitellm } from "../../shared/usage/litellm.ts";
import type { ParsedBatch } from "../../shared/usage/parsed-batch.ts";
import type { UsageRoute } from "../../shared/usage/sender-permission.ts";
import type { SentUsage } from "../../shared/usage/usage-event.ts";
import { idOfWireItem, usageFromWire } from "../../shared/usage/usage-wire.ts";
import type { JsonLimits } from "../../shared/wire/bounded-json.ts";
import { type JsonRecord, MAX_RECORDS_PER_REQUEST } from "../../shared/wire/json-batch.ts";

/** A parsed batch; of a format that ignores items, with their places and why. */
export type ItemBatch = ParsedBatch<SentUsage> & {
  readonly ignoredAt?: ReadonlyMap<number, string>;
};

/** A form of usage items that a route takes. */
export type ItemFormat = {
  readonly route: UsageRoute;
  /** Of the whole body. */
  readonly jsonLimits: JsonLimits;
  /** Of records that may be larger than our own. */
  readonly recordLimits?: JsonLimits;
  readonly read: (
    records: readonly JsonRecord[],
    context: { readonly nowMs: number; readonly maySend: (tool: string) => boolean },
  ) => ItemBatch;
  /** The sender's own id of an item, given back with its result. */
  readonly idOf: (record: JsonRecord) => { readonly id?: string };
};

/** `POST /v1/usage`: our own wire format. */
export const USAGE_ITEMS: ItemFormat = {
  route: "usage",
  jsonLimits: { maxDepth: 32, maxValues: MAX_RECORDS_PER_REQUEST * 100 },
  read: usageFromWire,
  idOf: idOfWireItem,
};

/** Payloads hold whole conversations and tool schemas, which are dropped only after parsing. */
const PAYLOAD_LIMITS: JsonLimits = { maxDepth: 64, maxValues: 2_000_000 };

/** `POST /v1/litellm`: what LiteLLM's generic API callback sends. */
export const LITELLM_ITEMS: ItemFormat = {
  route: "litellm",
  jsonLimits: PAYLOAD_LIMITS,
  recordLimits: PAYLOAD_LIMITS,
  read: usageFromLitellm,
  idOf: idOfLitellmItem,
};
