import { type FunctionProcesses, type Invoked, ProcessDiedError } from "./function-processes.ts";
import type { StoredItem } from "./stored-books.ts";

const USER_DAYS_PER_BATCH = 20;
/** More than there are kills left: a batch that ends every process is a fault of ours. */
const MOST_ATTEMPTS = 50;

/**
 * Has the roll-up function recompute every user's day that the ledger knows, as the runbook's
 * rebuild does: with stream records that say nothing but the keys.
 */
export async function rebuildRollUps(
  segmentKeys: readonly StoredItem[],
  processes: FunctionProcesses,
): Promise<void> {
  const byUserDay = new Map<string, StoredItem>();
  for (const key of segmentKeys) {
    byUserDay.set(`${key["pk"]?.S} ${key["sk"]?.S?.slice(0, "S#yyyy-mm-dd".length)}`, key);
  }
  const keys = [...byUserDay.values()];
  const batches: (readonly StoredItem[])[] = [];
  for (let start = 0; start < keys.length; start += USER_DAYS_PER_BATCH) {
    batches.push(keys.slice(start, start + USER_DAYS_PER_BATCH));
  }
  await Promise.all(
    batches.map(async (batch) => {
      const Records = batch.map(({ pk, sk }, at) => ({
        eventName: "MODIFY",
        dynamodb: { Keys: { pk, sk }, SequenceNumber: String(at + 1) },
      }));
      const { result } = await invokeThroughKills(processes, { Records });
      if (JSON.stringify(result) !== '{"batchItemFailures":[]}') {
        throw new Error(`a rebuild without faults failed: ${JSON.stringify(result)}`);
      }
    }),
  );
}

/** Kills that met nothing in the run meet the rebuild: what died with its process is done again. */
async function invokeThroughKills(
  processes: FunctionProcesses,
  event: unknown,
  attempts = 1,
): Promise<Invoked> {
  try {
    return await processes.invoke(event);
  } catch (error) {
    if (!(error instanceof ProcessDiedError) || attempts >= MOST_ATTEMPTS) {
      throw error;
    }
    return invokeThroughKills(processes, event, attempts + 1);
  }
}

/**
 * Values of roll-up items, by key. The version `v` of a session-day is no part of the value: it says
 * how many entries its user's day had when that value was last written, which keeps stale writers
 * out. Neither are the markers that a session without events leaves.
 */
export function valuesByKey(items: readonly StoredItem[]): ReadonlyMap<string, string> {
  return new Map(
    items
      .filter(({ d }) => d?.S !== undefined && d.S !== "")
      .map(({ pk, sk, d, p, v }) => [
        `${pk?.S} ${sk?.S}`,
        JSON.stringify([d?.S, p?.S, sk?.S?.includes("#S#") ? "" : v?.N]),
      ]),
  );
}
