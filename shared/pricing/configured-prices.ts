import { dayOf } from "../ledger/calendar.ts";
import {
  type ExactRatio,
  over,
  plus,
  ratioFromDecimal,
  roundedNanoUsd,
  times,
  whole,
  ZERO,
} from "../money/exact-ratio.ts";
import type { TokenBuckets } from "../usage/usage-event.ts";
import type { UsdRates } from "./currency-rates.ts";
import { isNamedBy } from "./name-pattern.ts";
import type { BookPrice, PricedCall } from "./price-book.ts";
import type { PriceRule } from "./price-settings.ts";

/** The exact list cost of a call in USD; nothing if the list does not know it. */
export type ExactListCost = (call: PricedCall) => ExactRatio | undefined;

/** What a price needs to be worked out by. */
export type PricingTools = { readonly usdRates: UsdRates; readonly listCost: ExactListCost };

type Worked = { readonly usd: ExactRatio } | { readonly reason: "no-rate" | "no-exchange-rate" };

const UNITS_OF_A_CREDIT = 1_000_000;
const TOKENS_OF_A_PRICE = whole(1_000_000);

/** Buckets as a price list names them. */
const BUCKETS = {
  input: "uncachedInput",
  cacheRead: "cacheRead",
  cacheWrite5m: "cacheWrite5m",
  cacheWrite1h: "cacheWrite1h",
  output: "output",
} as const satisfies Record<string, keyof TokenBuckets>;
const BUCKET_NAMES = Object.keys(BUCKETS) as readonly (keyof typeof BUCKETS)[];

/** The first rule that fits a call. */
export function ruleFor(
  rules: readonly PriceRule[],
  call: Omit<PricedCall, "tokens">,
): PriceRule | undefined {
  const day = dayOf(call.timeMs);
  const tier = call.tier ?? "standard";
  return rules.find(
    (rule) =>
      (rule.tier === "any" || rule.tier === tier) &&
      (rule.from === undefined || rule.from <= day) &&
      (rule.to === undefined || day < rule.to) &&
      (rule.kind !== "credits" || call.credits !== undefined) &&
      isNamedBy(rule.tool, call.tool) &&
      isNamedBy(rule.provider, call.provider) &&
      isNamedBy(rule.model, call.model),
  );
}

/** What a rule makes of a call that it fits: rounded once, half away from zero. */
export function priceByRule(rule: PriceRule, call: PricedCall, tools: PricingTools): BookPrice {
  const worked = work(rule, call, tools);
  return "reason" in worked
    ? { kind: "unpriced", reason: worked.reason }
    : { kind: "priced", costNanoUsd: roundedNanoUsd(worked.usd) };
}

function work(rule: PriceRule, call: PricedCall, { usdRates, listCost }: PricingTools): Worked {
  if (rule.kind === "times-list") {
    // A sum of calls tells nothing of their sizes, which list prices can depend on.
    const listed = (call.grain ?? "request") === "request" ? listCost(call) : undefined;
    return listed === undefined
      ? { reason: "no-rate" }
      : { usd: times(listed, ratioFromDecimal(rule.factor)) };
  }
  const amount = amountOf(rule, call);
  if (amount === undefined) {
    return { reason: "no-rate" };
  }
  const rate = usdRates(rule.currency, dayOf(call.timeMs));
  return rate === undefined ? { reason: "no-exchange-rate" } : { usd: times(amount, rate) };
}

/** In the rule's own currency. */
function amountOf(
  rule: Exclude<PriceRule, { kind: "times-list" }>,
  { tokens, credits }: PricedCall,
): ExactRatio | undefined {
  switch (rule.kind) {
    case "per-million-tokens":
      return weighed(tokens, rule, TOKENS_OF_A_PRICE);
    case "gpu-hours": {
      const hours = weighed(tokens, rule.weights, whole(rule.tokensPerHour));
      const perHour = times(ratioFromDecimal(rule.pricePerGpuHour), whole(rule.gpus));
      return hours && times(hours, perHour);
    }
    case "credits":
      return plus(
        creditCost(credits?.used ?? 0, rule.included),
        creditCost(credits?.overage ?? 0, rule.overage),
      );
  }
}

function creditCost(millionths: number, price: string): ExactRatio {
  return over(times(whole(millionths), ratioFromDecimal(price)), whole(UNITS_OF_A_CREDIT));
}

/** The tokens of each bucket times its number, over a total; nothing if a used bucket has none. */
function weighed(
  tokens: TokenBuckets,
  numbers: Partial<Readonly<Record<keyof typeof BUCKETS, string | undefined>>>,
  total: ExactRatio,
): ExactRatio | undefined {
  let sum = ZERO;
  for (const name of BUCKET_NAMES) {
    const count = tokens[BUCKETS[name]];
    const number = numbers[name];
    if (count > 0 && number === undefined) {
      return undefined;
    }
    if (count > 0 && number !== undefined) {
      sum = plus(sum, times(whole(count), ratioFromDecimal(number)));
    }
  }
  return over(sum, total);
}
