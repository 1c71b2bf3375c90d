import { genaiPriceBook } from "../../shared/pricing/genai-price-book.ts";
import { compareBooks } from "./book-comparison.ts";
import type { FunctionProcesses } from "./function-processes.ts";
import { rebuildRollUps, valuesByKey } from "./rebuild.ts";
import { scanTable } from "./scan-table.ts";
import type { SoakCloud } from "./soak-cloud.ts";
import type { SoakResult } from "./soak-result.ts";
import type { StoredBooks, StoredItem } from "./stored-books.ts";
import type { UsagePlan } from "./usage-plan.ts";

export type Verification = {
  readonly cloud: SoakCloud;
  readonly plan: UsagePlan;
  readonly days: ReadonlyMap<string, readonly number[]>;
  readonly books: StoredBooks;
  readonly rollUp: FunctionProcesses;
};

/** Compares every entry and every roll-up with the oracle, and then rebuilds all roll-ups. */
export async function verifyBooks({
  cloud,
  plan,
  days,
  books,
  rollUp,
}: Verification): Promise<
  Pick<SoakResult, "comparison" | "strayItems" | "quarantined" | "rebuilt">
> {
  const ledgerItems = await scanTable(cloud.operator, cloud.ledgerTable, "keys");
  const segments = ledgerItems.filter(({ pk }) => pk?.S?.startsWith("U#"));
  const comparison = await compareBooks(plan, days, books, genaiPriceBook());
  const rollUpItems = await scanTable(cloud.operator, cloud.insightsTable, "whole");
  return {
    comparison,
    strayItems:
      segments.length - comparison.ledgerItems + rollUpItems.length - comparison.rollUpItems,
    quarantined: ledgerItems.length - segments.length,
    rebuilt: await rebuild(cloud, rollUpItems, segments, rollUp),
  };
}

/** Drops the roll-ups, has them recomputed from the ledger alone, and compares item by item. */
async function rebuild(
  cloud: SoakCloud,
  rollUpItems: readonly StoredItem[],
  segments: readonly StoredItem[],
  rollUp: FunctionProcesses,
): Promise<SoakResult["rebuilt"]> {
  const before = valuesByKey(rollUpItems);
  await cloud.emptyInsights();
  const startedAt = performance.now();
  await rebuildRollUps(segments, rollUp);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = valuesByKey(await scanTable(cloud.operator, cloud.insightsTable, "whole"));
  const keys = new Set([...before.keys(), ...after.keys()]);
  return {
    seconds,
    items: after.size,
    differing: [...keys].filter((key) => before.get(key) !== after.get(key)),
  };
}
