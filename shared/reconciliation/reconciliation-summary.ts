import type { Month } from "../ledger/roll-ups.ts";
import { exactUsd, type NanoUsd } from "../money/nano-usd.ts";
import type { Against, Reconciled } from "./reconcile.ts";
import type { TeamCoverage } from "./team-coverage.ts";

export type SummaryInput = {
  readonly month: Month;
  /** The time that the run was scheduled for, RFC 3339. */
  readonly generatedFor: string;
  readonly reconciled: readonly Reconciled[];
  readonly coverage: readonly TeamCoverage[];
};

/** Totals of a month's comparisons by provider, and the coverage of each team, as JSON. */
export function reconciliationSummary({
  month,
  generatedFor,
  reconciled,
  coverage,
}: SummaryInput): string {
  const groups = Map.groupBy(reconciled, ({ provider, against }) => `${provider} ${against}`);
  const summary = {
    month,
    generatedFor,
    byProvider: [...groups.values()].flatMap(totalsOf),
    coverage: coverage.map(({ team, reportedNanoUsd, matchedNanoUsd, coverageRatio }) => ({
      team,
      reportedUsd: exactUsd(reportedNanoUsd),
      matchedUsd: exactUsd(matchedNanoUsd),
      // Null, not 0 or 1: the providers said nothing of this team.
      coverageRatio: coverageRatio ?? null,
    })),
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}

function totalsOf(group: readonly Reconciled[]) {
  const [first] = group;
  const total = (amount: (row: Reconciled) => NanoUsd) =>
    exactUsd(group.reduce((sum, row) => sum + amount(row), 0n));
  return first === undefined
    ? []
    : [
        {
          provider: first.provider,
          against: first.against satisfies Against,
          telemetryUsd: total((row) => row.telemetryNanoUsd),
          reportedUsd: total((row) => row.reportedNanoUsd),
          matchedUsd: total((row) => row.matchedNanoUsd),
          missingInTelemetryUsd: total((row) => row.missingInTelemetryNanoUsd),
          missingAtProviderUsd: total((row) => row.missingAtProviderNanoUsd),
          unpricedCalls: group.reduce((sum, row) => sum + row.unpricedCalls, 0),
          unpricedRows: group.reduce((sum, row) => sum + row.unpricedRows, 0),
        },
      ];
}
