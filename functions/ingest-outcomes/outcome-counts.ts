import type { Recorded } from "./record-outcomes.ts";

/** Received is the sum of the other four, on every request. */
export type OutcomeCounts = {
  readonly received: number;
  readonly committed: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly rejected: number;
};

/** Counts a request once it is settled. `event` names the invocation. */
export type CountOutcomes = (
  event: object,
  counts: OutcomeCounts,
  about?: Readonly<Record<string, string>>,
) => void;

export function countsOf(settled: readonly (Recorded | "rejected")[]): OutcomeCounts {
  const of = (wanted: Recorded | "rejected") =>
    settled.filter((outcome) => outcome === wanted).length;
  return {
    received: settled.length,
    committed: of("committed"),
    duplicate: of("duplicate"),
    quarantined: of("quarantined"),
    rejected: of("rejected"),
  };
}
