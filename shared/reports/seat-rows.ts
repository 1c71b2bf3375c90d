import { type Directory, directoryLookup, type Place } from "../directory/directory.ts";
import type { Team } from "../directory/settings.ts";
import { daysBetween, periodOfMonth } from "../ledger/calendar.ts";
import type { Day, Month } from "../ledger/roll-ups.ts";
import { type ExactRatio, over, ratioFromDecimal, times, whole } from "../money/exact-ratio.ts";
import { roundTogether } from "../money/round-together.ts";
import { type UsdRates, usdRates } from "../pricing/currency-rates.ts";
import type { PriceSettings } from "../pricing/price-settings.ts";
import type { SeatRule } from "../pricing/seat-rule.ts";
import { NO_TOKENS, UNATTRIBUTED, type UserPseudonym } from "../usage/usage-event.ts";
import type { MonthlyCostRow } from "./monthly-costs.ts";

/** Where seats are charged to: the people of the directory, and the teams of the configuration. */
export type SeatHolders = { readonly directory: Directory; readonly teams: readonly Team[] };

type Charged = Pick<Place, "team" | "costCenter" | "owner"> & { readonly person: UserPseudonym };
/** Seats on a day. */
type Held = { readonly charged: Charged; readonly day: Day; readonly seats: number };

/** The configuration names a team or a currency's rate that it does not have. */
export class UnknownSeatReferenceError extends Error {
  override readonly name = "UnknownSeatReferenceError";
}

/**
 * The seats of a whole month, also of one that is not over: a row for each rule, person and place,
 * with the first day of the seat there. A day of a seat costs its month's price, divided by the days of
 * the month, at the day's exchange rate. The total of a rule and month is rounded once, half away from
 * zero, to a nano-USD; its rows sum to it, by largest remainder.
 *
 * @throws {UnknownSeatReferenceError} for what a checked configuration does not say.
 */
export function seatRows(
  { seats, rates }: Pick<PriceSettings, "seats" | "rates">,
  holders: SeatHolders,
  month: Month,
): readonly MonthlyCostRow[] {
  const { from, to } = periodOfMonth(month);
  const days = daysBetween(from, to);
  const toUsd = usdRates(rates);
  return seats.flatMap((rule) => {
    const paid = days.filter((day) => rule.from <= day && (rule.to === undefined || day < rule.to));
    const prices = paid.map((day) => priceOfDay(rule, day, days.length, toUsd));
    return rowsOf(rule, heldOn(paid, rule, holders), overOne(paid, prices));
  });
}

function priceOfDay(rule: SeatRule, day: Day, daysOfMonth: number, toUsd: UsdRates): ExactRatio {
  const rate = toUsd(rule.currency, day);
  if (rate === undefined) {
    throw new UnknownSeatReferenceError(`no rate of ${rule.currency} on ${day}`);
  }
  return over(times(ratioFromDecimal(rule.pricePerMonth), rate), whole(daysOfMonth));
}

function heldOn(
  days: readonly Day[],
  rule: SeatRule,
  { directory, teams }: SeatHolders,
): readonly Held[] {
  if (rule.kind === "count") {
    const team = teams.find(({ id }) => id === rule.team);
    if (team === undefined) {
      throw new UnknownSeatReferenceError(`no team has the id ${rule.team}`);
    }
    const { id, costCenter, owner } = team;
    const charged = { team: id, costCenter, owner, person: UNATTRIBUTED };
    return days.map((day) => ({ charged, day, seats: rule.seats }));
  }
  const { personOf, placeOf } = directoryLookup(directory);
  const people = [...new Set(directory.assignments.map(({ user }) => personOf(user)))].sort();
  return people.flatMap((person) =>
    days.flatMap((day) => {
      const { team, costCenter, owner } = placeOf(person, day);
      return rule.teams.includes(team)
        ? [{ charged: { team, costCenter, owner, person }, day, seats: 1 }]
        : [];
    }),
  );
}

type DayPrices = { readonly numerators: ReadonlyMap<Day, bigint>; readonly denominator: bigint };

/** The prices of the days as fractions of one denominator, so that they add up as whole numbers. */
function overOne(days: readonly Day[], prices: readonly ExactRatio[]): DayPrices {
  const denominators = new Set(prices.map(({ denominator }) => denominator));
  const denominator = [...denominators].reduce((product, each) => product * each, 1n);
  const numerators = prices.map((price) => (price.numerator * denominator) / price.denominator);
  return { numerators: new Map(days.map((day, i) => [day, numerators[i] ?? 0n])), denominator };
}

function rowsOf(
  { tool, plan = "" }: SeatRule,
  held: readonly Held[],
  { numerators, denominator }: DayPrices,
): readonly MonthlyCostRow[] {
  const groups = [...Map.groupBy(held, ({ charged }) => JSON.stringify(charged)).values()];
  const amounts = groups.map((group) =>
    group.reduce((sum, { day, seats }) => sum + (numerators.get(day) ?? 0n) * BigInt(seats), 0n),
  );
  const costs = roundTogether(amounts, denominator);
  return groups.flatMap((group, i) =>
    group.slice(0, 1).map(({ charged, day }) => ({
      ...charged,
      day,
      tool,
      provider: "",
      model: "",
      calls: 0,
      tokens: NO_TOKENS,
      unpricedCalls: 0,
      costBasis: "configured",
      costNanoUsd: costs[i] ?? 0n,
      charge: "seat",
      plan,
      seatDays: group.reduce((sum, { seats }) => sum + seats, 0),
    })),
  );
}
