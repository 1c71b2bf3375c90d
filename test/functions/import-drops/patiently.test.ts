import { describe, expect, test } from "vitest";
import { patiently } from "../../../functions/import-drops/patiently.ts";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";

function failing(times: number, error: Error) {
  const pauses: number[] = [];
  let calls = 0;
  const call = async () => {
    calls += 1;
    if (calls <= times) {
      throw error;
    }
    return "done";
  };
  const pause = async (ms: number) => {
    pauses.push(ms);
  };
  return { result: patiently(call, pause), pauses };
}

describe("patiently", () => {
  test("waits longer and longer while the ledger is throttled", async () => {
    const { result, pauses } = failing(3, new LedgerUnavailableError("throttled"));

    expect(await result).toBe("done");
    expect(pauses).toEqual([500, 1_000, 2_000]);
  });

  test("gives up after half a minute, and leaves it to the queue", async () => {
    const { result, pauses } = failing(100, new LedgerUnavailableError("down"));

    await expect(result).rejects.toThrow(LedgerUnavailableError);
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBe(31_500);
  });

  test("does not repeat what is wrong by itself", async () => {
    const { result, pauses } = failing(1, new Error("a fault of ours"));

    await expect(result).rejects.toThrow("a fault of ours");
    expect(pauses).toEqual([]);
  });
});
