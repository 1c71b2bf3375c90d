import type { UsageCounts } from "../ingest-usage/usage-counts.ts";
import type { StoredPage } from "./store-page.ts";

/** What the pages of a run came to. */
export type RunTally = {
  readonly pages: number;
  readonly counts: UsageCounts;
  /** Of providers, that name nobody. */
  readonly statements: number;
  readonly faults: StoredPage["faults"];
};

const MOST_FAULTS = 20;

export function emptyTally(): RunTally {
  return {
    pages: 0,
    counts: { received: 0, committed: 0, duplicate: 0, quarantined: 0, rejected: 0 },
    statements: 0,
    faults: [],
  };
}

export function tallied(tally: RunTally, { counts, statements, faults }: StoredPage): RunTally {
  const sum = (name: keyof UsageCounts) => tally.counts[name] + counts[name];
  return {
    pages: tally.pages + 1,
    counts: {
      received: sum("received"),
      committed: sum("committed"),
      duplicate: sum("duplicate"),
      quarantined: sum("quarantined"),
      rejected: sum("rejected"),
    },
    statements: tally.statements + statements,
    faults: [...tally.faults, ...faults].slice(0, MOST_FAULTS),
  };
}
