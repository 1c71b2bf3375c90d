import type { BookComparison } from "./book-comparison.ts";
import type { IngestRun } from "./ingest-run.ts";
import type { RequestPlan } from "./request-plan.ts";
import type { RollUpTotals } from "./roll-up-run.ts";
import type { SoakArguments } from "./soak-arguments.ts";

/** All that a run has to say for itself. */
export type SoakResult = {
  readonly arguments: SoakArguments;
  readonly plan: RequestPlan;
  readonly ingest: IngestRun;
  readonly rollUp: Readonly<RollUpTotals>;
  readonly faults: { readonly before: number; readonly after: number; readonly calls: number };
  readonly kills: { readonly ingest: number; readonly rollUp: number };
  readonly samples: {
    readonly reads: number;
    readonly behind: number;
    readonly violations: readonly string[];
  };
  readonly comparison: BookComparison;
  /** Items of either table that belong to a user-day that nothing was sent for. */
  readonly strayItems: number;
  /** Records in quarantine. */
  readonly quarantined: number;
  readonly rebuilt: {
    readonly seconds: number;
    readonly items: number;
    readonly differing: readonly string[];
  };
  /** Calls that a role did not allow. */
  readonly denied: number;
  readonly writeUnits: { readonly ledger: number; readonly rollUps: number };
  readonly seconds: { readonly ingest: number; readonly run: number };
};

/** What is wrong, a line each; none if every promise held. */
export function faultsIn(result: SoakResult): readonly string[] {
  const { comparison, ingest, samples, rebuilt, plan } = result;
  const flawed = plan.requests.filter(({ kind, hasFlaws }) => kind === "first" && hasFlaws);
  const counts = ingest.totals;
  const accounted = counts.committed + counts.duplicate + counts.quarantined + counts.rejected;
  const killed = result.kills.ingest + result.kills.rollUp;
  const unequal = (what: string, got: number | bigint, expected: number | bigint) =>
    BigInt(got) === BigInt(expected) ? [] : [`${what}: ${got}, expected ${expected}`];
  return [
    ...unequal("ledger entries", comparison.ledgerEntries, result.arguments.events),
    ...unequal("ledger difference in nano-USD", comparison.ledgerDifferenceNanoUsd, 0),
    ...unequal("session-day difference in nano-USD", comparison.sessionDayDifferenceNanoUsd, 0),
    ...unequal("user-day difference in nano-USD", comparison.userDayDifferenceNanoUsd, 0),
    ...unequal("items that nothing was sent for", result.strayItems, 0),
    ...unequal("records in quarantine", result.quarantined, flawed.length),
    ...unequal("received", counts.received, accounted),
    ...unequal("calls that a role did not allow", result.denied, 0),
    ...(killed < result.arguments.kills
      ? [`${killed} kills in the middle of work, expected ${result.arguments.kills}`]
      : []),
    ...comparison.differences,
    ...ingest.violations,
    ...samples.violations,
    ...rebuilt.differing.map((key) => `rebuilt otherwise: ${key}`),
  ];
}
