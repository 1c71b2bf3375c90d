import * as z from "zod";
import { isCalendarDay } from "../directory/calendar-day.ts";
import { Currency } from "../money/currency.ts";

const PRICE_MESSAGE = "must be a decimal number as text, not negative, such as 19.00";
const Name = z
  .string()
  .regex(/^[^\s\p{Cc}](?:[^\p{Cc}]{0,62}[^\s\p{Cc}])?$/u, "must be a name of 1 to 64 characters");
const Team = z.string().min(1).max(63);
const Day = z.string().refine(isCalendarDay, "must be a day in UTC, such as 2026-10-01");

/** What is paid for a seat, and when. Days are UTC, `to` is not included. */
const Price = {
  tool: Name,
  /** Tells the seats of one tool apart, such as `business` and `enterprise`. */
  plan: Name.optional(),
  currency: Currency.default("USD"),
  /** Of one seat for a whole calendar month. */
  pricePerMonth: z.string(PRICE_MESSAGE).regex(/^\d{1,12}(?:\.\d{1,12})?$/, PRICE_MESSAGE),
  from: Day,
  to: Day.optional(),
};

/** Everyone whom the directory puts in one of the teams has a seat, on each day that it does. */
const Members = z.strictObject({
  kind: z.literal("members"),
  ...Price,
  teams: z.array(Team).min(1),
});

/** A number of seats that a team pays for, whoever sits on them. */
const Count = z.strictObject({
  kind: z.literal("count"),
  ...Price,
  team: Team,
  seats: z.int().min(1).max(1_000_000),
});

/**
 * Seats that are paid for by the month, beside or instead of usage. A seat costs its price divided by
 * the days of the month, for each day that it is held.
 */
export const SeatRule = z.discriminatedUnion("kind", [Members, Count], "must be members or count");
export type SeatRule = z.output<typeof SeatRule>;

/** The teams that pay for the seats of a rule. */
export function teamsOf(rule: SeatRule): readonly string[] {
  return rule.kind === "members" ? rule.teams : [rule.team];
}
