import type { CurrencyRate } from "./price-settings.ts";
import { type SeatRule, teamsOf } from "./seat-rule.ts";

type Report = (path: PropertyKey[], message: string) => void;

/** What the rules of seats say of each other and of the rates: no seat twice, and none without a price. */
export function checkSeats(
  seats: readonly SeatRule[],
  rates: readonly CurrencyRate[],
  report: Report,
): void {
  for (const [i, rule] of seats.entries()) {
    if (rule.to !== undefined && rule.to <= rule.from) {
      report(["seats", i, "to"], "must be after from: the day itself is not included");
    }
    if (!hasRate(rule, rates)) {
      report(["seats", i, "currency"], `there is no rate of ${rule.currency} on ${rule.from}`);
    }
    const earlier = seats.slice(0, i).findIndex((other) => bookTwice(other, rule));
    if (earlier !== -1) {
      const message = `overlaps seats[${earlier}]: the same tool, plan and team on the same days; set from and to`;
      report(["seats", i], message);
    }
  }
}

/** A rate holds until the next one, so one on the first day means one on every day. */
function hasRate({ currency, from }: SeatRule, rates: readonly CurrencyRate[]): boolean {
  return (
    currency === "USD" || rates.some((rate) => rate.currency === currency && rate.from <= from)
  );
}

function bookTwice(a: SeatRule, b: SeatRule): boolean {
  return (
    nameOf(a) === nameOf(b) &&
    teamsOf(a).some((team) => teamsOf(b).includes(team)) &&
    (b.to === undefined || a.from < b.to) &&
    (a.to === undefined || b.from < a.to)
  );
}

function nameOf({ tool, plan = "" }: SeatRule): string {
  return JSON.stringify([tool, plan]).toLowerCase();
}
