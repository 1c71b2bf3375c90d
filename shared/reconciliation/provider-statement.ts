import type { Day } from "../ledger/roll-ups.ts";
import type { NanoUsd } from "../money/nano-usd.ts";
import type { TokenBuckets } from "../usage/usage-event.ts";

/**
 * - `usage`: tokens, as the provider counted them.
 * - `cost`: money, as the provider reports it before an invoice.
 * - `invoice`: money, as finance entered it from an invoice.
 */
export type StatementKind = "usage" | "cost" | "invoice";

/**
 * What a provider says that a period came to, where it names no user: one row of its report. It is
 * compared with the ledger and never added to it. A later statement of the same row replaces it.
 */
export type ProviderStatement = {
  /** As in the ledger: `anthropic`, `openai`, `aws`, … */
  readonly provider: string;
  readonly kind: StatementKind;
  /** Half-open, in UTC: one day for usage and cost, one month for an invoice. */
  readonly from: Day;
  readonly to: Day;
  /** Tells the row apart from others of the same provider, kind and period: its group keys. */
  readonly row: string;
  /** When the provider said so, milliseconds since 1970 UTC. The latest stands. */
  readonly asOfMs: number;
  readonly model?: string;
  readonly tokens?: TokenBuckets;
  readonly calls?: number;
  readonly costNanoUsd?: NanoUsd;
};
