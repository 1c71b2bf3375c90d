import type { OutcomeLedger } from "../../shared/ports/outcome-ledger.ts";
import type { Quarantine, QuarantinedRecord } from "../../shared/ports/quarantine.ts";
import type { UsageLedger } from "../../shared/ports/usage-ledger.ts";
import type { QuarantineReason } from "../../shared/usage/parsed-batch.ts";
import { isClockInFuture } from "../../shared/wire/clock-skew.ts";
import { inParallel } from "../adapters/in-parallel.ts";

/** Reasons that time or more room can remove. A conflict or a counter needs a person to decide. */
const IS_REPLAYABLE: Readonly<Record<QuarantineReason, boolean>> = {
  "clock-in-future": true,
  "segment-full": true,
  "cumulative-temporality": false,
  conflict: false,
};

export const QUARANTINE_REASONS = Object.keys(IS_REPLAYABLE) as readonly QuarantineReason[];

export type ReplayDeps = {
  readonly quarantine: Quarantine;
  readonly usageLedger: Pick<UsageLedger, "append">;
  readonly outcomeLedger: Pick<OutcomeLedger, "append">;
  readonly nowMs: () => number;
};

/** What became of the records in quarantine: their number is the sum of the three. */
export type ReplayCounts = {
  readonly committed: number;
  readonly duplicate: number;
  /** Still in quarantine. */
  readonly kept: number;
};

type Replayed = keyof ReplayCounts;

const REPLAYS_AT_ONCE = 8;

/**
 * Appends again what may pass by now. A record leaves quarantine only after the ledger has it, so a
 * replay that breaks off, or runs twice, loses and doubles nothing.
 *
 * @throws {LedgerUnavailableError} if the ledger is out of reach: replay again later.
 */
export async function replayQuarantine(deps: ReplayDeps): Promise<ReplayCounts> {
  const replayed: Replayed[] = [];
  for (const reason of QUARANTINE_REASONS) {
    const records = await deps.quarantine.list(reason);
    replayed.push(
      ...(await inParallel(records, REPLAYS_AT_ONCE, (record) => replayRecord(record, deps))),
    );
  }
  const count = (wanted: Replayed) => replayed.filter((result) => result === wanted).length;
  return { committed: count("committed"), duplicate: count("duplicate"), kept: count("kept") };
}

async function replayRecord(record: QuarantinedRecord, deps: ReplayDeps): Promise<Replayed> {
  if (!IS_REPLAYABLE[record.reason] || isClockInFuture(record.event.timeMs, deps.nowMs())) {
    return "kept";
  }
  const appended = await append(record, deps);
  if (appended !== "kept") {
    await deps.quarantine.remove(record);
  }
  return appended;
}

async function append(
  record: QuarantinedRecord,
  { usageLedger, outcomeLedger }: ReplayDeps,
): Promise<Replayed> {
  if (record.kind === "outcome") {
    const appended = await outcomeLedger.append(record.event);
    return appended === "conflict" ? "kept" : appended;
  }
  const [outcome] = await usageLedger.append([record.event]);
  return outcome === undefined || outcome.kind === "quarantined" ? "kept" : outcome.kind;
}
