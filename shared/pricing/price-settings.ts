import * as z from "zod";
import { isCalendarDay } from "../directory/calendar-day.ts";
import { Currency } from "../money/currency.ts";
import { checkPrices } from "./check-prices.ts";
import { PRICE_TIERS } from "./price-tier.ts";
import { SeatRule } from "./seat-rule.ts";

const DECIMAL_MESSAGE = "must be a decimal number as text, not negative, such as 1.25";
const Decimal = z.string(DECIMAL_MESSAGE).regex(/^\d{1,12}(?:\.\d{1,12})?$/, DECIMAL_MESSAGE);
const PositiveDecimal = Decimal.refine((text) => /[1-9]/.test(text), "must be more than 0");

const Day = z.string().refine(isCalendarDay, "must be a day in UTC, such as 2026-10-01");
const Pattern = z
  .string()
  .regex(/^\S{1,200}$/, "must be a name, in which * stands for any text, without spaces")
  .default("*");

/** Which calls a rule prices: all that it says has to fit. Days are UTC, `to` is not included. */
const Selector = {
  tool: Pattern,
  provider: Pattern,
  model: Pattern,
  tier: z.enum(["standard", ...PRICE_TIERS, "any"]).default("standard"),
  from: Day.optional(),
  to: Day.optional(),
};
const InCurrency = { currency: Currency.default("USD") };

/** Prices of a million tokens, by bucket. A call that uses a bucket which is left out has no price. */
const PerMillionTokens = z.strictObject({
  kind: z.literal("per-million-tokens"),
  ...Selector,
  ...InCurrency,
  input: Decimal.optional(),
  cacheRead: Decimal.optional(),
  cacheWrite5m: Decimal.optional(),
  cacheWrite1h: Decimal.optional(),
  output: Decimal.optional(),
});

/** The list price, times a number: a discount, or a tier that is priced as a multiple. */
const TimesList = z.strictObject({
  kind: z.literal("times-list"),
  ...Selector,
  factor: Decimal,
});

/** Prices of one vendor credit, within the plan and beyond it. Fits calls that state credits only. */
const Credits = z.strictObject({
  kind: z.literal("credits"),
  ...Selector,
  ...InCurrency,
  included: Decimal,
  overage: Decimal,
});

/**
 * Own machines: what an hour of them costs, spread over the tokens that they were measured to get
 * through in an hour. `weights` says how many such tokens one token of a bucket counts for.
 */
const GpuHours = z.strictObject({
  kind: z.literal("gpu-hours"),
  ...Selector,
  ...InCurrency,
  pricePerGpuHour: Decimal,
  gpus: z.int().min(1).max(100_000),
  tokensPerHour: z.int().min(1),
  weights: z
    .strictObject({
      input: Decimal.default("1"),
      cacheRead: Decimal.default("1"),
      cacheWrite5m: Decimal.default("1"),
      cacheWrite1h: Decimal.default("1"),
      output: Decimal.default("1"),
    })
    .prefault({}),
});

export const PriceRule = z.discriminatedUnion(
  "kind",
  [PerMillionTokens, TimesList, Credits, GpuHours],
  "must be per-million-tokens, times-list, credits or gpu-hours",
);
export type PriceRule = z.output<typeof PriceRule>;

/** What one unit of a currency is worth in USD, from a UTC day until the next rate of it. */
const Rate = z.strictObject({ currency: Currency, from: Day, usd: PositiveDecimal });
export type CurrencyRate = z.output<typeof Rate>;

/** Prices that go before the price list. */
export const PriceSettings = z
  .strictObject({
    rates: z.array(Rate).default([]),
    /** The first rule that fits prices the call. */
    rules: z.array(PriceRule).default([]),
    /** What is paid by the month, beside usage. */
    seats: z.array(SeatRule).default([]),
  })
  .superRefine(checkPrices)
  .prefault({});
export type PriceSettings = z.output<typeof PriceSettings>;

/** Deployed beside the code of the functions that price: a price list outgrows an environment of 4 KB. */
export const PRICES_FILE = "prices.json";
