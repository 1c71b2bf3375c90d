import * as z from "zod";
import type { Day } from "../ledger/roll-ups.ts";
import { MAX_WINDOW_TOKENS } from "../usage/field-limits.ts";
import { Dollars, NameIfGiven } from "./page-fields.ts";

/** A token that may read an organisation's Copilot metrics and, for money, its billing. */
export function githubCredentials(secret: string): Readonly<Record<string, string>> {
  return {
    authorization: `Bearer ${secret.trim()}`,
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
  };
}

/** One line of a bill: what it lists for, and what is charged after what the seats include. */
export const BilledItem = z.object({
  product: NameIfGiven,
  sku: NameIfGiven,
  model: NameIfGiven,
  unitType: NameIfGiven,
  grossQuantity: z.number().min(0).nullish(),
  grossAmount: Dollars,
  netAmount: Dollars,
});

/** A line of one person's bill, which is booked: it lists for nothing or more, and its requests can be counted. */
export const PersonalItem = BilledItem.extend({
  grossQuantity: z.number().min(0).max(MAX_WINDOW_TOKENS).nullish(),
  grossAmount: Dollars.refine((amount) => amount >= 0n, "must not be negative"),
});

export const Bill = z.object({ usageItems: z.array(z.unknown()) });

/** Which bill: premium requests, or since the change of the plans the credits that replace them. */
export type BillKind = "premium_request" | "ai_credit";

export function billRequest(organization: string, bill: BillKind, day: Day, user?: string) {
  const [year = "", month = "", date = ""] = day.split("-");
  return {
    method: "GET",
    path: `/organizations/${encodeURIComponent(organization)}/settings/billing/${bill}/usage`,
    query: [
      ["year", year],
      ["month", String(Number(month))],
      ["day", String(Number(date))],
      ...(user === undefined ? [] : [["user", user] as const]),
    ],
  } as const;
}
