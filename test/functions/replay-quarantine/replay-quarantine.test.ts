import { describe, expect, test } from "vitest";
import { replayQuarantine } from "../../../functions/replay-quarantine/replay-quarantine.ts";
import type { QuarantinedRecord } from "../../../shared/ports/quarantine.ts";
import { inMemoryOutcomeLedger } from "../../support/in-memory-outcome-ledger.ts";
import { inMemoryQuarantine } from "../../support/in-memory-quarantine.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const HOUR_MS = 3_600_000;

type Held = Omit<QuarantinedRecord, "key" | "detail" | "receivedAtMs">;

async function setup(...held: readonly Held[]) {
  const quarantine = inMemoryQuarantine();
  for (const record of held) {
    // The union of the two kinds is lost by Omit; the records above are of one kind each.
    await quarantine.keep({ ...record, detail: "", receivedAtMs: 0 } as QuarantinedRecord);
  }
  const clock = { nowMs: NOW_MS };
  const usageLedger = inMemoryUsageLedger();
  const outcomeLedger = inMemoryOutcomeLedger();
  const replay = () =>
    replayQuarantine({ quarantine, usageLedger, outcomeLedger, nowMs: () => clock.nowMs });
  return { clock, outcomeLedger, quarantine, replay, usageLedger };
}

function futureUsage(timeMs: number, id = "req_1"): Held {
  return {
    kind: "usage",
    reason: "clock-in-future",
    event: aUsageEvent({ id, timeMs }),
  } as Held;
}

function heldOutcome(
  reason: QuarantinedRecord["reason"],
  ...overrides: Parameters<typeof anOutcomeEvent>
): Held {
  return { kind: "outcome", reason, event: anOutcomeEvent(...overrides) } as Held;
}

describe("replayQuarantine", () => {
  test("counts what its clock has caught up with, and takes it out of quarantine", async () => {
    const { outcomeLedger, quarantine, replay, usageLedger } = await setup(
      futureUsage(NOW_MS - HOUR_MS),
      heldOutcome("clock-in-future", { timeMs: NOW_MS - HOUR_MS }),
    );

    expect(await replay()).toEqual({ committed: 2, duplicate: 0, kept: 0 });

    expect(usageLedger.events()).toHaveLength(1);
    expect(outcomeLedger.outcomes()).toHaveLength(1);
    expect(quarantine.records()).toEqual([]);
  });

  test("keeps what is still ahead, until its time has come", async () => {
    const { clock, quarantine, replay, usageLedger } = await setup(futureUsage(NOW_MS + HOUR_MS));

    expect(await replay()).toEqual({ committed: 0, duplicate: 0, kept: 1 });
    expect(usageLedger.events()).toEqual([]);
    expect(quarantine.records()).toHaveLength(1);

    clock.nowMs = NOW_MS + HOUR_MS;
    expect(await replay()).toEqual({ committed: 1, duplicate: 0, kept: 0 });
  });

  test("what the ledger has got by another way meanwhile is taken out, and counted once", async () => {
    const { quarantine, replay, usageLedger } = await setup(futureUsage(NOW_MS - HOUR_MS));
    await usageLedger.append([aUsageEvent({ id: "req_1", timeMs: NOW_MS - HOUR_MS })]);

    expect(await replay()).toEqual({ committed: 0, duplicate: 1, kept: 0 });

    expect(usageLedger.events()).toHaveLength(1);
    expect(quarantine.records()).toEqual([]);
  });

  test("a conflict stays, because only a person can tell which of the two is true", async () => {
    const { outcomeLedger, quarantine, replay } = await setup(
      heldOutcome("conflict", { timeMs: NOW_MS - HOUR_MS }),
    );

    expect(await replay()).toEqual({ committed: 0, duplicate: 0, kept: 1 });

    expect(outcomeLedger.outcomes()).toEqual([]);
    expect(quarantine.records()).toHaveLength(1);
  });

  test("what turns out to contradict the ledger stays", async () => {
    const held = heldOutcome("clock-in-future", { timeMs: NOW_MS - HOUR_MS, task: "WEB-77" });
    const { outcomeLedger, quarantine, replay } = await setup(held);
    await outcomeLedger.append(anOutcomeEvent({ timeMs: NOW_MS - HOUR_MS, task: "WEB-1" }));

    expect(await replay()).toEqual({ committed: 0, duplicate: 0, kept: 1 });
    expect(quarantine.records()).toHaveLength(1);
  });

  test("while the ledger is down nothing leaves quarantine", async () => {
    const { outcomeLedger, quarantine, replay } = await setup(
      heldOutcome("clock-in-future", { timeMs: NOW_MS - HOUR_MS }),
    );
    outcomeLedger.breakDown();

    await expect(replay()).rejects.toThrow("not available");

    expect(quarantine.records()).toHaveLength(1);
  });

  test("replaying twice changes nothing more", async () => {
    const { replay, usageLedger } = await setup(
      futureUsage(NOW_MS - HOUR_MS, "req_1"),
      futureUsage(NOW_MS - HOUR_MS, "req_2"),
    );

    await replay();

    expect(await replay()).toEqual({ committed: 0, duplicate: 0, kept: 0 });
    expect(usageLedger.events()).toHaveLength(2);
  });
});
