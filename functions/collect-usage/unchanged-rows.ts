import { dayOf } from "../../shared/ledger/calendar.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import type { UsageLedger } from "../../shared/ports/usage-ledger.ts";
import { NO_TOKENS, type SentUsage, UNATTRIBUTED } from "../../shared/usage/usage-event.ts";
import { inParallel } from "../adapters/in-parallel.ts";

const READS_AT_ONCE = 16;
const BUCKETS = Object.keys(NO_TOKENS) as readonly (keyof typeof NO_TOKENS)[];

/**
 * Leaves out the rows that say what stands in the ledger already, or said it before what stands: a
 * report is read again every hour, and the ledger keeps every revision for ever.
 */
export async function withoutUnchangedRows(
  rows: readonly SentUsage[],
  ledger: Pick<UsageLedger, "readUserDay">,
  pseudonymise: Pseudonymise,
): Promise<{ readonly changed: readonly SentUsage[]; readonly unchanged: number }> {
  const userOf = ({ subject }: SentUsage) =>
    subject === undefined ? UNATTRIBUTED : pseudonymise(subject);
  const userDays = Map.groupBy(rows, (row) => `${userOf(row)} ${dayOf(row.timeMs)}`);
  const standing = await inParallel([...userDays.values()], READS_AT_ONCE, async ([first]) =>
    first === undefined ? [] : ledger.readUserDay(userOf(first), dayOf(first.timeMs)),
  );
  const latest = latestRevisions(standing.flat());
  const changed = rows.filter((row) => {
    const stands = row.revision && latest.get(pseudonymise(row.revision.of));
    return stands === undefined || !(isOlder(row, stands) || saysTheSame(row, stands));
  });
  return { changed, unchanged: rows.length - changed.length };
}

type Entry = Omit<SentUsage, "subject">;

function latestRevisions(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const latest = new Map<string, Entry>();
  for (const entry of entries) {
    const known = entry.revision && latest.get(entry.revision.of);
    if (entry.revision && (known === undefined || isOlder(known, entry))) {
      latest.set(entry.revision.of, entry);
    }
  }
  return latest;
}

function isOlder(entry: Entry, than: Entry): boolean {
  return (entry.revision?.asOfMs ?? 0) < (than.revision?.asOfMs ?? 0);
}

/** Whether nothing that is counted or priced differs, to the last token and nano-USD. */
function saysTheSame(row: Entry, stands: Entry): boolean {
  return (
    BUCKETS.every((bucket) => row.tokens[bucket] === stands.tokens[bucket]) &&
    row.reportedCostNanoUsd === stands.reportedCostNanoUsd &&
    row.calls === stands.calls &&
    row.tier === stands.tier &&
    row.model === stands.model &&
    row.tool === stands.tool &&
    row.grain === stands.grain
  );
}
