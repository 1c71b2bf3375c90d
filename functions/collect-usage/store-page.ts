import type { RowReading } from "../../shared/collect/collector-source.ts";
import type { ProviderStatements } from "../../shared/ports/provider-statements.ts";
import type { UsageLedger } from "../../shared/ports/usage-ledger.ts";
import { batchOf, heldBackIfInFuture } from "../../shared/usage/reading.ts";
import { inParallel } from "../adapters/in-parallel.ts";
import { recordUsage, type UsageStores } from "../ingest-usage/record-usage.ts";
import type { UsageCounts } from "../ingest-usage/usage-counts.ts";
import { withoutUnchangedRows } from "./unchanged-rows.ts";

const PUTS_AT_ONCE = 16;
const LOGGED_FAULTS = 5;

export type PageStores = Omit<UsageStores, "ledger"> & {
  readonly ledger: UsageLedger;
  readonly statements: Pick<ProviderStatements, "put">;
};

export type StoredPage = {
  readonly counts: UsageCounts;
  readonly statements: number;
  /** The first rows that were rejected: where, and why. */
  readonly faults: readonly { readonly path: string; readonly message: string }[];
};

/**
 * Stores what a page says. Returns only when all of it is durable; doing it again changes nothing.
 *
 * @throws {LedgerUnavailableError}
 */
export async function storePage(
  rows: readonly RowReading[],
  collector: string,
  stores: PageStores,
): Promise<StoredPage> {
  const statements = rows.flatMap((row) => (row.kind === "statement" ? [row.statement] : []));
  const nowMs = stores.nowMs();
  const batch = batchOf(
    rows.flatMap((row) => (row.kind === "statement" ? [] : [heldBackIfInFuture(row, nowMs)])),
  );
  await inParallel(statements, PUTS_AT_ONCE, stores.statements.put);
  const { changed, unchanged } =
    batch.accepted.length === 0
      ? { changed: [], unchanged: 0 }
      : await withoutUnchangedRows(batch.accepted, stores.ledger, await stores.pseudonymise());
  const { counts } = await recordUsage(
    { ...batch, accepted: changed },
    { kind: "sender", keyId: `collector:${collector}`, source: "any" },
    stores,
  );
  return {
    counts: {
      ...counts,
      received: counts.received + unchanged,
      duplicate: counts.duplicate + unchanged,
    },
    statements: statements.length,
    faults: batch.rejected.slice(0, LOGGED_FAULTS).map(({ path, message }) => ({ path, message })),
  };
}
