import type { DirectoryLookup } from "../directory/directory.ts";
import { type NanoUsd, sumNanoUsd } from "../money/nano-usd.ts";
import type { Reconciled } from "./reconcile.ts";

/** How much of what providers report of a team's people its telemetry saw. */
export type TeamCoverage = {
  readonly team: string;
  readonly reportedNanoUsd: NanoUsd;
  readonly matchedNanoUsd: NanoUsd;
  /** 0 to 1. Absent if the providers reported no spend of the team: unknown is not complete. */
  readonly coverageRatio?: number;
};

/** Coverage by team, each person's day in the team of that day; in the order of their names. */
export function teamCoverage(
  reconciled: readonly Reconciled[],
  directory: DirectoryLookup,
): readonly TeamCoverage[] {
  const ofPeople = reconciled.flatMap(({ person, period, ...row }) =>
    person === undefined ? [] : [{ ...row, team: directory.placeOf(person, period).team }],
  );
  return [...Map.groupBy(ofPeople, ({ team }) => team)]
    .map(([team, rows]) => {
      const reportedNanoUsd = sumNanoUsd(rows.map((row) => row.reportedNanoUsd));
      const matchedNanoUsd = sumNanoUsd(rows.map((row) => row.matchedNanoUsd));
      return {
        team,
        reportedNanoUsd,
        matchedNanoUsd,
        ...(reportedNanoUsd > 0n && { coverageRatio: ratio(matchedNanoUsd, reportedNanoUsd) }),
      };
    })
    .sort((a, b) => (a.team < b.team ? -1 : 1));
}

function ratio(part: NanoUsd, whole: NanoUsd): number {
  return Number((part * 1_000_000n) / whole) / 1_000_000;
}
