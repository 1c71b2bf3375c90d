import * as z from "zod";
import type { Day } from "./roll-ups.ts";

/** Which grain counts where a person's day of a tool is stated in both: `request` (with windows), or `day`. */
export type AuthoritativeGrain = "request" | "day";

/** Who is believed about a tool's day. Where only one grain is there, it counts. */
export type GrainAuthority = {
  /** Says what is set, so that a roll-up tells what it was folded by. Empty if nothing is. */
  readonly version: string;
  readonly of: (tool: string, day: Day) => AuthoritativeGrain;
};

/** One line of the configuration: from a day on, the grain that counts for a tool. */
export const AuthorityRule = z.strictObject({
  tool: z.string().min(1).max(64),
  grain: z.enum(["request", "day"]),
  /** Left out: from the beginning. */
  from: z.iso.date().default("2020-01-01"),
});
export type AuthorityRule = z.infer<typeof AuthorityRule>;

/** Of the rules for a tool, the one that began last is in force; without one, requests are believed. */
export function grainAuthority(rules: readonly AuthorityRule[]): GrainAuthority {
  const latestFirst = rules.toSorted((a, b) => (a.from < b.from ? 1 : -1));
  return {
    version: rules
      .map(({ tool, grain, from }) => `${tool}=${grain}@${from}`)
      .sort()
      .join(","),
    of: (tool, day) =>
      latestFirst.find((rule) => rule.tool === tool && rule.from <= day)?.grain ?? "request",
  };
}

/** Nothing is set: requests are believed. */
export const REQUESTS_FIRST: GrainAuthority = grainAuthority([]);
