import { exactUsd } from "../money/nano-usd.ts";
import type { MonthlyCosts } from "./monthly-costs.ts";

export type SummaryOptions = {
  /** The month is not over, or late records can still arrive: figures may change. */
  readonly provisional: boolean;
  /** The time that the run was scheduled for, RFC 3339. */
  readonly generatedFor: string;
};

/** The totals of a month as JSON. Exact amounts are text: many JSON readers round long numbers. */
export function monthlyCostsSummary(
  { month, rows, totalNanoUsd, unpricedCalls, byTeam, priceBooks }: MonthlyCosts,
  { provisional, generatedFor }: SummaryOptions,
): string {
  const summary = {
    month,
    provisional,
    generatedFor,
    totalNanoUsd: totalNanoUsd.toString(),
    totalUsd: exactUsd(totalNanoUsd),
    rows: rows.length,
    unpricedCalls,
    byTeam: byTeam.map((team) => ({
      ...team,
      totalNanoUsd: team.totalNanoUsd.toString(),
      totalUsd: exactUsd(team.totalNanoUsd),
    })),
    priceBooks,
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}
