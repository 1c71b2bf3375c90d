import type { SoakResult } from "./soak-result.ts";

/** The report of a run, for people. */
export function soakText(result: SoakResult): string {
  const { comparison, ingest, rollUp, faults, kills, samples, plan, rebuilt, seconds } = result;
  const { events, seed, workers } = result.arguments;
  const { totals } = ingest;
  const firstOf = plan.requests.filter(({ kind }) => kind === "first").length;
  const rate = (count: number, inSeconds: number) => whole(Math.round(count / inSeconds));
  return [
    `seed ${seed}: ${whole(events)} events, ${workers} ingesting processes`,
    `requests          ${whole(plan.requests.length)}, of which ${whole(firstOf)} the first time; ${whole(plan.movedRequests)} of these out of order`,
    `sent again        ${whole(plan.resentEvents)} events, of which ${whole(plan.rebatchedEvents)} in other batches`,
    `faults            ${whole(faults.before + faults.after)} of ${whole(faults.calls)} AWS calls: ${whole(faults.before)} before, ${whole(faults.after)} after they committed`,
    `kills             ${kills.ingest} of ingestion, ${kills.rollUp} of roll-up, each in the middle of an invocation`,
    `answers           ${whole(totals.answered)} × 200; ${whole(totals.unavailable)} × 503 and ${whole(totals.unanswered)} lost with a process, sent again`,
    `received          ${whole(totals.received)} = committed ${whole(totals.committed)} + duplicate ${whole(totals.duplicate)} + quarantined ${whole(totals.quarantined)} + rejected ${whole(totals.rejected)}`,
    `stream            ${whole(rollUp.records)} records in ${whole(rollUp.batches)} batches; ${rollUp.repeated} twice, ${rollUp.delayed} late, ${rollUp.shuffled} shuffled, ${rollUp.redelivered} again after a failure`,
    `sampled reads     ${whole(samples.reads)}, ${samples.behind} met a roll-up behind its ledger, ${samples.violations.length} ahead of it`,
    `ledger            ${whole(comparison.ledgerEntries)} entries in ${whole(comparison.segments)} segments, ${usd(comparison.expectedNanoUsd)} USD, ${whole(comparison.unpricedCalls)} unpriced calls; difference ${comparison.ledgerDifferenceNanoUsd} nano-USD`,
    `session-days      ${whole(comparison.sessionDays)}; difference ${comparison.sessionDayDifferenceNanoUsd} nano-USD`,
    `user-days         ${whole(comparison.userDays)}; difference ${comparison.userDayDifferenceNanoUsd} nano-USD`,
    `keys differing    ${comparison.differences.length}`,
    `rebuilt           ${whole(rebuilt.items)} roll-ups in ${rebuilt.seconds.toFixed(1)} s (${rate(events, rebuilt.seconds)} events/s); ${rebuilt.differing.length} differ`,
    `write units       ${(result.writeUnits.ledger / events).toFixed(3)} an event for the ledger, ${(result.writeUnits.rollUps / events).toFixed(3)} for roll-ups`,
    `time              ${seconds.run.toFixed(1)} s (${rate(events, seconds.run)} unique events/s), of which ingestion ${seconds.ingest.toFixed(1)} s`,
  ].join("\n");
}

function whole(count: number): string {
  return count.toLocaleString("en-US");
}

function usd(nanoUsd: bigint): string {
  const digits = nanoUsd.toString().padStart(10, "0");
  return `${BigInt(digits.slice(0, -9)).toLocaleString("en-US")}.${digits.slice(-9)}`;
}
