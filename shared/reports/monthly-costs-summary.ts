import { exactUsd } from "../money/nano-usd.ts";
import { MICRO_UNITS_PER_UNIT } from "../outcomes/delivery-unit.ts";
import type { MonthlyCosts, Totals } from "./monthly-costs.ts";
import type { UseCaseCosts } from "./use-case-costs.ts";
import type { DeliveredPieces } from "./use-case-deliveries.ts";

export type SummaryOptions = {
  /** The month is not over, or late records can still arrive: figures may change. */
  readonly provisional: boolean;
  /** The time that the run was scheduled for, RFC 3339. */
  readonly generatedFor: string;
};

/** The totals of a month as JSON. Exact amounts are text: many JSON readers round long numbers. */
export function monthlyCostsSummary(
  { month, rows, unpricedCalls, byTeam, priceBooks, ...totals }: MonthlyCosts,
  byUseCase: readonly UseCaseCosts[],
  { provisional, generatedFor }: SummaryOptions,
): string {
  const summary = {
    month,
    provisional,
    generatedFor,
    ...totalTexts(totals),
    rows: rows.length,
    unpricedCalls,
    byTeam: byTeam.map((team) => ({
      ...team,
      ...totalTexts(team),
    })),
    byUseCase: byUseCase.map(({ isRegistered, usageNanoUsd, delivered, ...useCase }) => ({
      ...useCase,
      registered: isRegistered,
      usageNanoUsd: usageNanoUsd.toString(),
      usageUsd: exactUsd(usageNanoUsd),
      ...(delivered && { delivered: deliveredTexts(delivered) }),
    })),
    priceBooks,
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}

/** Units as exact decimal text. */
function deliveredTexts(delivered: DeliveredPieces) {
  return delivered.kind === "withheld"
    ? { withheld: "fewer than five people" }
    : {
        pieces: delivered.pieces,
        units: (delivered.microUnits / MICRO_UNITS_PER_UNIT).toFixed(6),
      };
}

function totalTexts({ totalNanoUsd, usageNanoUsd, seatNanoUsd }: Totals) {
  return {
    totalNanoUsd: totalNanoUsd.toString(),
    totalUsd: exactUsd(totalNanoUsd),
    usageNanoUsd: usageNanoUsd.toString(),
    usageUsd: exactUsd(usageNanoUsd),
    seatNanoUsd: seatNanoUsd.toString(),
    seatUsd: exactUsd(seatNanoUsd),
  };
}
