import { fileHashes } from "../../shared/outcomes/changed-files.ts";
import type { OutcomeEvent, SentOutcome } from "../../shared/outcomes/outcome-event.ts";
import type { OutcomeLedger } from "../../shared/ports/outcome-ledger.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import type { Quarantine } from "../../shared/ports/quarantine.ts";
import type { Quarantined } from "../../shared/usage/parsed-batch.ts";
import { UNATTRIBUTED, type UserPseudonym } from "../../shared/usage/usage-event.ts";

/** Where an outcome that can be one is durable. */
export type Recorded = "committed" | "duplicate" | "quarantined";

export type OutcomeStores = {
  readonly ledger: OutcomeLedger;
  readonly quarantine: Quarantine;
  readonly nowMs: () => number;
};

/** For people: why an outcome is kept aside whose id the ledger has already. */
export const CONFLICT_DETAIL =
  "an outcome with this id is in the ledger already, with other content; the first one stands";

/**
 * Puts a pseudonym in place of the subject, and keyed hashes in place of paths; `boundUser` is whom the
 * sender's key belongs to.
 */
export function withPseudonym(
  sent: SentOutcome,
  pseudonymise: Pseudonymise,
  boundUser?: UserPseudonym,
): OutcomeEvent {
  const { subject, paths = [], pushed, ...facts } = sent;
  const asserted = subject === undefined ? UNATTRIBUTED : pseudonymise(subject);
  const hashed = (of: readonly string[]) => fileHashes(sent.repository ?? "", of, pseudonymise);
  const files = hashed(paths);
  return {
    ...facts,
    user: boundUser ?? asserted,
    ...(files.length === 0 ? {} : { files }),
    ...(pushed && {
      pushed: pushed.map(({ commit, paths }) => ({ commit, files: hashed(paths) })),
    }),
  };
}

/** Appends an outcome; one that contradicts the ledger is kept aside for a person to look at. */
export async function recordOutcome(event: OutcomeEvent, stores: OutcomeStores): Promise<Recorded> {
  const appended = await stores.ledger.append(event);
  if (appended !== "conflict") {
    return appended;
  }
  return await keepAside({ event, reason: "conflict", detail: CONFLICT_DETAIL }, stores);
}

export async function keepAside(
  { event, reason, detail }: Omit<Quarantined<OutcomeEvent>, "index">,
  { quarantine, nowMs }: OutcomeStores,
): Promise<"quarantined"> {
  await quarantine.keep({ kind: "outcome", event, reason, detail, receivedAtMs: nowMs() });
  return "quarantined";
}
