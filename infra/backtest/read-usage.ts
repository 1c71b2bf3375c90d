import { dayOf } from "../../shared/ledger/calendar.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import { type SentUsage, UNATTRIBUTED, type UsageEvent } from "../../shared/usage/usage-event.ts";
import { usageFromWire } from "../../shared/usage/usage-wire.ts";
import { jsonLines } from "./json-lines.ts";
import type { LineCounts, ReadingProgress, RejectedLine } from "./line-tally.ts";
import { onceInLedger, type PlacedEvent } from "./once-in-ledger.ts";
import type { UsageOfDay } from "./replay.ts";

export type ReadUsage = {
  readonly counts: LineCounts;
  readonly rejected: readonly RejectedLine[];
  /** Every day with usage, each person's events as the ledger would hold them. */
  readonly byDay: Map<Day, UsageOfDay>;
};

export type ReadingContext = {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly nowMs: number;
  readonly onProgress: ReadingProgress;
};

/**
 * Reads usage as `/v1/usage` takes it, one item a line. Users keep the name that they have in the file.
 * A line that the ledger would not take is rejected, and says why.
 */
export async function readUsage(
  chunks: AsyncIterable<Uint8Array>,
  { file, nowMs, onProgress }: ReadingContext,
): Promise<ReadUsage> {
  const places = new Map<Day, Map<string, PlacedEvent[]>>();
  const rejected: RejectedLine[] = [];
  const sameText = textPool();
  let received = 0;
  for await (const { line, record } of jsonLines(chunks, onProgress)) {
    received += 1;
    const batch = usageFromWire([record], { nowMs, maySend: () => true });
    const [sent] = batch.accepted;
    if (sent === undefined) {
      rejected.push({ file, line, ...faultOf(batch) });
    } else {
      place(places, { event: eventOf(sent, sameText), line });
    }
  }
  const ledger = onceInLedger(places, file);
  const allRejected = [...rejected, ...ledger.conflicts].sort((a, b) => a.line - b.line);
  return {
    counts: {
      received,
      used: received - allRejected.length - ledger.duplicates,
      duplicate: ledger.duplicates,
      rejected: allRejected.length,
    },
    rejected: allRejected,
    byDay: ledger.byDay,
  };
}

function place(places: Map<Day, Map<string, PlacedEvent[]>>, placed: PlacedEvent): void {
  const { user, timeMs } = placed.event;
  const day = dayOf(timeMs);
  const users = places.get(day) ?? new Map<string, PlacedEvent[]>();
  const events = users.get(user) ?? [];
  events.push(placed);
  places.set(day, users.set(user, events));
}

type Batch = ReturnType<typeof usageFromWire>;

function faultOf({ rejected, quarantined }: Batch): Pick<RejectedLine, "path" | "message"> {
  const [fault] = rejected;
  return fault === undefined
    ? { path: "time", message: quarantined[0]?.detail ?? "is no usage" }
    : { path: fault.path, message: fault.message };
}

/** Names repeat from line to line: held once, a million lines take half the memory. */
function textPool(): (text: string) => string {
  const pool = new Map<string, string>();
  return (text) => {
    const known = pool.get(text);
    if (known === undefined) {
      pool.set(text, text);
    }
    return known ?? text;
  };
}

function eventOf({ subject, ...sent }: SentUsage, same: (text: string) => string): UsageEvent {
  const { agent, useCase, repository, branch, commit } = sent;
  return {
    ...sent,
    user: same(subject ?? UNATTRIBUTED),
    attribution: "asserted",
    session: same(sent.session),
    tool: same(sent.tool),
    provider: same(sent.provider),
    model: same(sent.model),
    ...(agent !== undefined && { agent: same(agent) }),
    ...(useCase !== undefined && { useCase: same(useCase) }),
    ...(repository !== undefined && { repository: same(repository) }),
    ...(branch !== undefined && { branch: same(branch) }),
    ...(commit !== undefined && { commit: same(commit) }),
  };
}
