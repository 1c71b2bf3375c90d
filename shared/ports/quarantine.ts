import type { OutcomeEvent } from "../outcomes/outcome-event.ts";
import type { QuarantineReason } from "../usage/parsed-batch.ts";
import type { UsageEvent } from "../usage/usage-event.ts";

export type QuarantinedRecord = {
  readonly key: string;
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly receivedAtMs: number;
} & (
  | { readonly kind: "usage"; readonly event: UsageEvent }
  | { readonly kind: "outcome"; readonly event: OutcomeEvent }
);

/** What may be real, but could not be counted. Kept until replayed; the same record is kept once. */
export type Quarantine = {
  readonly keep: (record: Omit<QuarantinedRecord, "key">) => Promise<void>;
  readonly list: (reason: QuarantineReason) => Promise<readonly QuarantinedRecord[]>;
  readonly remove: (record: QuarantinedRecord) => Promise<void>;
};
