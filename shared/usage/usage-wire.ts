import * as z from "zod";
import { normalisedSubject } from "../directory/subject.ts";
import { Currency } from "../money/currency.ts";
import { nanoUsdFromDecimal } from "../money/nano-usd.ts";
import { PRICE_TIERS } from "../pricing/price-tier.ts";
import type { JsonRecord } from "../wire/json-batch.ts";
import { schemaFault } from "../wire/schema-fault.ts";
import {
  callIdentity,
  EARLIEST_TIME_MS,
  isCommit,
  isPlainText,
  MAX_CALL_TOKENS,
  MAX_LENGTH,
  normalisedModel,
} from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import type { ParsedBatch } from "./parsed-batch.ts";
import { batchOf, heldBackIfInFuture, type Reading } from "./reading.ts";
import { notPermitted } from "./sender-permission.ts";
import type { SentUsage } from "./usage-event.ts";

const text = (maxLength: number) => {
  const message = `must be a text of 1 to ${maxLength} characters without control characters`;
  return z.string(message).refine((value) => isPlainText(value, maxLength), message);
};
const name = text(MAX_LENGTH.name);

const COUNT_MESSAGE = `must be a whole number from 0 to ${MAX_CALL_TOKENS}`;
const count = z.int(COUNT_MESSAGE).min(0, COUNT_MESSAGE).max(MAX_CALL_TOKENS, COUNT_MESSAGE);

const TIME_MESSAGE =
  "must be a time after 2020 in RFC 3339 and UTC, such as 2026-10-05T09:12:33.120Z";
const OBJECT_MESSAGE = "must be an object";
const COMMIT_MESSAGE = "must be a commit id of 7 to 64 hexadecimal digits";
const FINGERPRINT_MESSAGE = "must be a hash of at most 128 characters";
const TIER_MESSAGE = `must be standard, ${PRICE_TIERS.join(", ")}, or left out`;
const AMOUNT_MESSAGE = "must be a decimal text, not negative and at most 1000000, such as 0.016959";

/**
 * One model call as `/v1/usage` takes it. Objects are strict: a field that is not known here is a
 * spelling mistake, and would be lost. `tokens.input` is uncached; a cache bucket that the provider
 * does not have may be left out.
 */
export const UsageWireItem = z.strictObject(
  {
    id: text(MAX_LENGTH.id),
    time: z.iso
      .datetime(TIME_MESSAGE)
      .refine((value) => Date.parse(value) >= EARLIEST_TIME_MS, TIME_MESSAGE),
    user: text(MAX_LENGTH.subject).optional(),
    session: text(MAX_LENGTH.session).optional(),
    agent: name.optional(),
    tool: name,
    provider: name,
    model: name,
    tokens: z
      .strictObject(
        {
          input: count,
          cacheRead: count.default(0),
          cacheWrite5m: count.default(0),
          cacheWrite1h: count.default(0),
          output: count,
          reasoning: count.default(0),
        },
        OBJECT_MESSAGE,
      )
      .refine(({ reasoning, output }) => reasoning <= output, {
        path: ["reasoning"],
        message: "must not be more than output, which it is part of",
      }),
    reportedCost: z
      .strictObject(
        {
          amount: z
            .string(AMOUNT_MESSAGE)
            .regex(/^(?:\d{1,6}(?:\.\d{1,30})?|1000000(?:\.0{1,30})?)$/, AMOUNT_MESSAGE),
          currency: Currency,
        },
        OBJECT_MESSAGE,
      )
      .optional(),
    tier: z.enum(["standard", ...PRICE_TIERS], TIER_MESSAGE).optional(),
    useCase: name.optional(),
    repository: name.optional(),
    branch: name.optional(),
    commit: z.string(COMMIT_MESSAGE).refine(isCommit, COMMIT_MESSAGE).optional(),
    fingerprint: z
      .string(FINGERPRINT_MESSAGE)
      .regex(/^[\w+/=.:-]{1,128}$/, FINGERPRINT_MESSAGE)
      .optional(),
  },
  OBJECT_MESSAGE,
);
export type UsageWireItem = z.infer<typeof UsageWireItem>;

const ItemWithId = z.object({ id: text(MAX_LENGTH.id) });

export type UsageWireContext = {
  readonly nowMs: number;
  /** Whether the sender's key may send usage of this tool. */
  readonly maySend: (tool: string) => boolean;
};

/** Reads the items of one request of our own format. Every item is usage: none is ignored. */
export function usageFromWire(
  items: readonly JsonRecord[],
  context: UsageWireContext,
): ParsedBatch<SentUsage> {
  return batchOf(items.map((item) => heldBackIfInFuture(readItem(item, context), context.nowMs)));
}

function readItem(item: JsonRecord, { maySend }: UsageWireContext): Reading {
  if (item.kind === "malformed") {
    return { kind: "rejected", path: "", message: item.message };
  }
  const parsed = UsageWireItem.safeParse(item.value);
  if (!parsed.success) {
    return { kind: "rejected", ...schemaFault(parsed.error) };
  }
  const event = usageOf(parsed.data);
  const reading: Reading = { kind: "accepted", event };
  return maySend(event.tool) ? reading : notPermitted(reading, "tool");
}

function usageOf(item: UsageWireItem): SentUsage {
  const { tokens } = item;
  const provider = item.provider.trim().toLowerCase();
  return {
    id: callIdentity(provider, item.id),
    grain: "request",
    timeMs: Date.parse(item.time),
    session: item.session ?? "-",
    tool: item.tool.trim().toLowerCase(),
    provider,
    model: normalisedModel(item.model),
    tokens: {
      uncachedInput: tokens.input,
      cacheRead: tokens.cacheRead,
      cacheWrite5m: tokens.cacheWrite5m,
      cacheWrite1h: tokens.cacheWrite1h,
      output: tokens.output,
      reasoning: tokens.reasoning,
    },
    ...givenFields({
      subject: item.user === undefined ? undefined : normalisedSubject(item.user),
      agent: item.agent,
      tier: item.tier === "standard" ? undefined : item.tier,
      ...reportedCost(item.reportedCost),
      useCase: item.useCase,
      repository: item.repository,
      branch: item.branch,
      commit: item.commit?.toLowerCase(),
      fingerprint: item.fingerprint,
    }),
  };
}

/** Another currency is kept as it is sent: the rate is a matter of pricing, and may come later. */
function reportedCost(
  sent: UsageWireItem["reportedCost"],
): Pick<SentUsage, "reportedCostNanoUsd" | "reportedForeign"> {
  if (sent === undefined) {
    return {};
  }
  // Billionths of the unit, in whichever currency.
  const amountNano = nanoUsdFromDecimal(sent.amount);
  return sent.currency === "USD"
    ? { reportedCostNanoUsd: amountNano }
    : { reportedForeign: { currency: sent.currency, amountNano } };
}

/** The id that an item came with, for the sender's own records: given back even if the item is rejected. */
export function idOfWireItem(item: JsonRecord): { readonly id?: string } {
  const parsed = ItemWithId.safeParse(item.kind === "value" ? item.value : undefined);
  return parsed.success ? { id: parsed.data.id } : {};
}
