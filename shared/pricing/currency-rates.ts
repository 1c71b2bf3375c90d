import { type ExactRatio, ratioFromDecimal } from "../money/exact-ratio.ts";
import type { CurrencyRate } from "./price-settings.ts";

/** What one unit of a currency is worth in USD on a UTC day; nothing if no rate is in force. */
export type UsdRates = (currency: string, day: string) => ExactRatio | undefined;

const ONE: ExactRatio = { numerator: 1n, denominator: 1n };

/** A rate is in force from its day until the next one of the same currency. */
export function usdRates(rates: readonly CurrencyRate[]): UsdRates {
  const byCurrency = new Map(
    [...Map.groupBy(rates, ({ currency }) => currency)].map(([currency, group]) => [
      currency,
      group
        .toSorted((a, b) => (a.from < b.from ? 1 : -1))
        .map(({ from, usd }) => ({ from, rate: ratioFromDecimal(usd) })),
    ]),
  );
  return (currency, day) =>
    currency === "USD" ? ONE : byCurrency.get(currency)?.find(({ from }) => from <= day)?.rate;
}
