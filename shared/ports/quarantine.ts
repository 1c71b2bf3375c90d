import type { OutcomeEvent } from "../outcomes/outcome-event.ts";
import type { QuarantineReason } from "../usage/parsed-batch.ts";
import type { UsageEvent } from "../usage/usage-event.ts";

/** A record that may be real, but could not be counted, with the reason. */
export type UncountedRecord = {
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly receivedAtMs: number;
} & (
  | { readonly kind: "usage"; readonly event: UsageEvent }
  | { readonly kind: "outcome"; readonly event: OutcomeEvent }
);

/** An {@link UncountedRecord} as it is kept. */
export type QuarantinedRecord = UncountedRecord & { readonly key: string };

/** What may be real, but could not be counted. Kept until replayed; the same record is kept once. */
export type Quarantine = {
  readonly keep: (record: UncountedRecord) => Promise<void>;
  readonly list: (reason: QuarantineReason) => Promise<readonly QuarantinedRecord[]>;
  readonly remove: (record: QuarantinedRecord) => Promise<void>;
};
