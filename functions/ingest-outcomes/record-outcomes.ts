import { fileHashes } from "../../shared/outcomes/changed-files.ts";
import type { OutcomeEvent, SentOutcome } from "../../shared/outcomes/outcome-event.ts";
import type { OutcomeLedger } from "../../shared/ports/outcome-ledger.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import type { Quarantine } from "../../shared/ports/quarantine.ts";
import type { Quarantined } from "../../shared/usage/parsed-batch.ts";
import { UNATTRIBUTED } from "../../shared/usage/usage-event.ts";
import type { KnownSender } from "../http/sender.ts";

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
 * Puts a pseudonym in place of the subject, and keyed hashes in place of paths.
 *
 * @param sender Who showed a key. Whom the key belongs to, if to anybody, outweighs the subject.
 */
export function withPseudonym(
  sent: SentOutcome,
  pseudonymise: Pseudonymise,
  sender?: Pick<KnownSender, "keyId" | "user">,
): OutcomeEvent {
  const { subject, paths = [], pushed, ...facts } = sent;
  const asserted = subject === undefined ? UNATTRIBUTED : pseudonymise(subject);
  const hashed = (of: readonly string[]) => fileHashes(sent.repository ?? "", of, pseudonymise);
  const files = hashed(paths);
  return {
    ...facts,
    user: sender?.user ?? asserted,
    ...(files.length === 0 ? {} : { files }),
    ...(pushed && {
      pushed: pushed.map(({ commit, paths }) => ({ commit, files: hashed(paths) })),
    }),
    ...(sender !== undefined && sent.kind === "incident" && { sentBy: sender.keyId }),
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
