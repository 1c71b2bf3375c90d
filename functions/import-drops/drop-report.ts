import type { ImportedUsage } from "./import-usage.ts";

/** What is wrong with a file, where. Never quotes it. */
export type DropFault = { readonly line: number; readonly message: string };

/** What became of a dropped file. */
export type DropReport =
  /** All of it is durable. */
  | { readonly drop: "imported"; readonly rows: number }
  | ({ readonly drop: "imported" } & ImportedUsage)
  /** A part of it is durable; the next run goes on from there. */
  | ({ readonly drop: "unfinished" } & ImportedUsage)
  /** Holds nothing for us, as its name says. */
  | { readonly drop: "skipped"; readonly reason: string }
  /** Has faults, and will not get better by itself. */
  | { readonly drop: "refused"; readonly faults: readonly DropFault[] };

const LOGGED_FAULTS = 20;

/** Writes what became of a file to the log and to the metrics. */
export function reportDrop(
  key: string,
  report: DropReport,
  emitMetrics: (values: Readonly<Record<string, number>>) => void,
): void {
  const { drop } = report;
  if (drop === "refused") {
    console.warn({ drop, key, faults: report.faults.slice(0, LOGGED_FAULTS) });
    emitMetrics({ Received: 1, Committed: 0, Rejected: 1 });
  } else if (drop === "skipped") {
    console.info({ drop, key, reason: report.reason });
    emitMetrics({ DropsSkipped: 1 });
  } else if ("rows" in report) {
    console.info({ drop, key, rows: report.rows });
    emitMetrics({ Received: 1, Committed: 1, Rejected: 0 });
  } else {
    const { counts, ignored, faults, unfinishedAfterLine } = report;
    console.info({
      drop,
      key,
      ...counts,
      ignored: Object.fromEntries(ignored),
      faults,
      ...(unfinishedAfterLine !== undefined && { unfinishedAfterLine }),
    });
    emitMetrics({
      Received: counts.received,
      Committed: counts.committed,
      Duplicate: counts.duplicate,
      Quarantined: counts.quarantined,
      Rejected: counts.rejected,
    });
  }
}

export function refused(message: string): DropReport {
  return { drop: "refused", faults: [{ line: 1, message }] };
}
