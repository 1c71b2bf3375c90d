import type * as z from "zod";
import { checkSeats } from "./check-seats.ts";
import { covers } from "./name-pattern.ts";
import type { CurrencyRate, PriceRule } from "./price-settings.ts";
import type { SeatRule } from "./seat-rule.ts";

type Prices = {
  readonly rates: readonly CurrencyRate[];
  readonly rules: readonly PriceRule[];
  readonly seats: readonly SeatRule[];
};
type Period = { readonly from?: string | undefined; readonly to?: string | undefined };

const NAMES = ["tool", "provider", "model"] as const;
const BUCKETS = ["input", "cacheRead", "cacheWrite5m", "cacheWrite1h", "output"] as const;
const LAST_DAY = "9999-12-31";

/** What the fields of a price list say of each other. */
export function checkPrices(
  { rates, rules, seats }: Prices,
  context: z.core.$RefinementCtx<Prices>,
): void {
  const report = (path: PropertyKey[], message: string) =>
    context.addIssue({ code: "custom", path, message });
  for (const [i, rule] of rules.entries()) {
    reportEmptyPeriod(rule, ["rules", i], report);
    reportShadow(rules.slice(0, i), rule, ["rules", i], report);
    if (rule.kind === "per-million-tokens" && BUCKETS.every((name) => rule[name] === undefined)) {
      report(["rules", i], `prices nothing: say at least one of ${BUCKETS.join(", ")}`);
    }
  }
  for (const [i, rate] of rates.entries()) {
    reportRate(rates.slice(0, i), rate, i, report);
  }
  for (const { path, currency } of currenciesIn(rules)) {
    if (currency !== "USD" && !rates.some((rate) => rate.currency === currency)) {
      report(path, `there is no rate of ${currency} in rates`);
    }
  }
  checkSeats(seats, rates, report);
}

type Report = (path: PropertyKey[], message: string) => void;

function reportEmptyPeriod({ from, to }: Period, path: PropertyKey[], report: Report): void {
  if (from !== undefined && to !== undefined && to <= from) {
    report([...path, "to"], `must be after from: the day itself is not included`);
  }
}

/**
 * The first rule that fits prices a call, so a rule is a fault if it can never be reached, or if it
 * says the same names as one before it and their days overlap: then only their order decides.
 */
function reportShadow(
  before: readonly PriceRule[],
  rule: PriceRule,
  path: PropertyKey[],
  report: Report,
): void {
  const shadowing = before.findIndex(
    (earlier) => reaches(earlier, rule) && contains(earlier, rule) && fitsCreditsOf(earlier, rule),
  );
  if (shadowing !== -1) {
    report(path, `can never price a call: rules[${shadowing}] fits all of them and comes first`);
    return;
  }
  const overlapping = before.findIndex(
    (earlier) => isSameSelector(earlier, rule) && overlaps(earlier, rule),
  );
  if (overlapping !== -1) {
    report(
      path,
      `overlaps rules[${overlapping}]: the same calls on the same days; set from and to`,
    );
  }
}

function reaches(wide: PriceRule, narrow: PriceRule): boolean {
  return (
    (wide.tier === "any" || wide.tier === narrow.tier) &&
    NAMES.every((name) => covers(wide[name], narrow[name]))
  );
}

/** A rule for credits fits only calls that state some; every other kind fits these calls too. */
function fitsCreditsOf(earlier: PriceRule, rule: PriceRule): boolean {
  return earlier.kind !== "credits" || rule.kind === "credits";
}

function isSameSelector(a: PriceRule, b: PriceRule): boolean {
  return (
    a.tier === b.tier &&
    (a.kind === "credits") === (b.kind === "credits") &&
    NAMES.every((name) => a[name].toLowerCase() === b[name].toLowerCase())
  );
}

function contains(outer: Period, inner: Period): boolean {
  return (
    (outer.from ?? "") <= (inner.from ?? "") && (outer.to ?? LAST_DAY) >= (inner.to ?? LAST_DAY)
  );
}

function overlaps(a: Period, b: Period): boolean {
  return (a.from ?? "") < (b.to ?? LAST_DAY) && (b.from ?? "") < (a.to ?? LAST_DAY);
}

function reportRate(
  before: readonly CurrencyRate[],
  { currency, from }: CurrencyRate,
  i: number,
  report: Report,
): void {
  if (currency === "USD") {
    report(["rates", i, "currency"], "USD needs no rate");
  }
  if (before.some((other) => other.currency === currency && other.from === from)) {
    report(["rates", i, "from"], `another rate of ${currency} begins on this day`);
  }
}

function currenciesIn(
  rules: readonly PriceRule[],
): readonly { readonly path: PropertyKey[]; readonly currency: string }[] {
  return rules.flatMap((rule, i) =>
    rule.kind === "times-list" ? [] : [{ path: ["rules", i, "currency"], currency: rule.currency }],
  );
}
