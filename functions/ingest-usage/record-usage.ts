import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import type { Quarantine } from "../../shared/ports/quarantine.ts";
import type { AppendOutcome, UsageLedger } from "../../shared/ports/usage-ledger.ts";
import type { ParsedBatch } from "../../shared/usage/parsed-batch.ts";
import { type SentUsage, UNATTRIBUTED, type UsageEvent } from "../../shared/usage/usage-event.ts";
import { inParallel } from "../adapters/in-parallel.ts";
import type { KnownSender } from "../http/sender.ts";
import type { UsageCounts } from "./usage-counts.ts";

export type UsageStores = {
  readonly ledger: Pick<UsageLedger, "append">;
  readonly quarantine: Pick<Quarantine, "keep">;
  /** Fetches the key at most once in a while; the answer is for this request. */
  readonly pseudonymise: () => Promise<Pseudonymise>;
  readonly nowMs: () => number;
};

export type RecordedUsage = {
  readonly counts: UsageCounts;
  /** What became of each accepted event, in order. */
  readonly outcomes: readonly AppendOutcome[];
  /** Why records are in quarantine, each reason once. */
  readonly quarantineDetails: readonly string[];
};

type Kept = Pick<Parameters<Quarantine["keep"]>[0], "reason" | "detail"> & {
  readonly event: UsageEvent;
};

const KEEPS_AT_ONCE = 16;

/**
 * Appends what is accepted and keeps what is quarantined, under pseudonyms. Returns only when all of
 * it is durable; if anything throws, the sender has to send the whole request again, which changes
 * nothing that is stored already.
 *
 * @throws {LedgerUnavailableError} if some of it may not be durable.
 */
export async function recordUsage(
  batch: ParsedBatch<SentUsage>,
  sender: KnownSender,
  stores: UsageStores,
): Promise<RecordedUsage> {
  const { events, held } = await withOwners(batch, sender, stores.pseudonymise);
  const outcomes = events.length === 0 ? [] : await stores.ledger.append(events);
  const kept = [...held, ...outcomes.flatMap(quarantinedBy)];
  await keepAll(kept, stores);
  const count = (kind: AppendOutcome["kind"]) =>
    outcomes.filter((outcome) => outcome.kind === kind).length;
  return {
    counts: {
      received: events.length + held.length + batch.rejected.length,
      committed: count("committed"),
      duplicate: count("duplicate"),
      quarantined: kept.length,
      rejected: batch.rejected.length,
    },
    outcomes,
    quarantineDetails: [...new Set(kept.map(({ detail }) => detail))],
  };
}

/** The key of pseudonyms is fetched only if there is someone to name. */
async function withOwners(
  { accepted, quarantined }: ParsedBatch<SentUsage>,
  sender: KnownSender,
  pseudonymise: UsageStores["pseudonymise"],
) {
  if (accepted.length + quarantined.length === 0) {
    return { events: [], held: [] };
  }
  const own = ownedBy(sender, await pseudonymise());
  return {
    events: accepted.map(own),
    held: quarantined.map((held): Kept => ({ ...held, event: own(held.event) })),
  };
}

function quarantinedBy(outcome: AppendOutcome): readonly Kept[] {
  return outcome.kind === "quarantined" ? [outcome.quarantined] : [];
}

async function keepAll(kept: readonly Kept[], { quarantine, nowMs }: UsageStores): Promise<void> {
  const receivedAtMs = nowMs();
  await inParallel(kept, KEEPS_AT_ONCE, ({ event, reason, detail }) =>
    quarantine.keep({ kind: "usage", event, reason, detail, receivedAtMs }),
  );
}

/**
 * Puts a pseudonym in place of the subject: the key's own user if it has one, whatever the client
 * says. The names of rows that are restated commonly hold the source's own name of the person, so
 * they go the same way.
 */
function ownedBy(sender: KnownSender, pseudonymise: Pseudonymise): (sent: SentUsage) => UsageEvent {
  return ({ subject, ...sent }) => {
    const event = withHashedRow(sent, pseudonymise);
    return sender.user === undefined
      ? {
          ...event,
          user: subject === undefined ? UNATTRIBUTED : pseudonymise(subject),
          attribution: "asserted",
        }
      : { ...event, user: sender.user, attribution: "bound" };
  };
}

function withHashedRow(
  event: Omit<SentUsage, "subject">,
  pseudonymise: Pseudonymise,
): Omit<SentUsage, "subject"> {
  if (event.revision === undefined) {
    return event;
  }
  const of = pseudonymise(event.revision.of);
  const { asOfMs } = event.revision;
  return { ...event, id: `${of}@${asOfMs}`, revision: { of, asOfMs } };
}
