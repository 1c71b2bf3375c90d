import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { importUsage } from "../../../functions/import-drops/import-usage.ts";
import type { ParsedBatch } from "../../../shared/usage/parsed-batch.ts";
import type { Reading } from "../../../shared/usage/reading.ts";
import type { UsageLineReader } from "../../../shared/usage/usage-drop.ts";
import type { SentUsage } from "../../../shared/usage/usage-event.ts";
import { bytesOf } from "../../support/byte-chunks.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

/** `ok` counts, `no` is a fault, `skip` is none of ours, and `later` is told at the end. */
function wordReader(): UsageLineReader {
  const kept: Reading[] = [];
  const readings: Readonly<Record<string, (line: number) => readonly Reading[]>> = {
    ok: (line) => [accepted(line)],
    skip: () => [{ kind: "ignored", name: "skip" }],
    later: (line) => {
      kept.push(accepted(line));
      return [];
    },
  };
  return {
    read: (text, line) =>
      readings[text]?.(line) ?? [{ kind: "rejected", path: "word", message: "must be a word" }],
    end: () => kept,
  };
}

function accepted(line: number): Reading {
  const { user: _, attribution: __, ...event } = aUsageEvent({ id: `call-${line}` });
  return { kind: "accepted", event };
}

/** Takes every batch, and says that all of it was new. */
function recorder() {
  const batches: ParsedBatch<SentUsage>[] = [];
  return {
    batches,
    record: async (batch: ParsedBatch<SentUsage>) => {
      batches.push(batch);
      const [committed, rejected] = [batch.accepted.length, batch.rejected.length];
      const counts = { committed, duplicate: 0, quarantined: 0, rejected };
      return { counts: { received: committed + rejected, ...counts } };
    },
  };
}

async function imported(content: string | Uint8Array, chunkSize = 7) {
  const { record, batches } = recorder();
  const bytes = bytesOf(content, chunkSize);
  return { ...(await importUsage({ bytes, reader: wordReader(), record })), batches };
}

describe("importUsage", () => {
  test("counts what becomes of each record, and says on which lines the faults are", async () => {
    const { counts, ignored, faults } = await imported("ok\nskip\nno\n\nlater\nskip\nno\nok\n");

    expect(counts).toEqual({
      received: 5,
      committed: 3,
      duplicate: 0,
      quarantined: 0,
      rejected: 2,
    });
    expect(Object.fromEntries(ignored)).toEqual({ skip: 2 });
    expect(faults).toEqual([
      { line: 3, path: "word", message: "must be a word" },
      { line: 7, path: "word", message: "must be a word" },
    ]);
  });

  test("records five hundred at a time, so that a file of any size needs the memory of one batch", async () => {
    const { batches, counts } = await imported("ok\n".repeat(1_201), 1_000);

    expect(batches.map((batch) => batch.accepted.length)).toEqual([500, 500, 201]);
    expect(counts.committed).toBe(1_201);
  });

  test("reads on only when a batch is recorded", async () => {
    let read = 0;
    let recording = 0;
    const bytes = bytesOf("ok\n".repeat(2_000), 30);
    const { record } = recorder();
    await importUsage({
      bytes,
      reader: wordReader(),
      onProgress: (bytesRead) => {
        expect(recording).toBe(0);
        read = bytesRead;
      },
      record: async (batch) => {
        recording += 1;
        await new Promise((resolve) => setImmediate(resolve));
        recording -= 1;
        return record(batch);
      },
    });

    expect(read).toBe(6_000);
  });

  test("a file that begins as gzip does is inflated, and progress is in bytes of the file", async () => {
    const content = gzipSync("ok\nok\n");
    const progress: number[] = [];
    const { record } = recorder();
    const { counts } = await importUsage({
      bytes: bytesOf(content, 10),
      reader: wordReader(),
      record,
      onProgress: (bytesRead) => progress.push(bytesRead),
    });

    expect(counts.committed).toBe(2);
    expect(progress.at(-1)).toBe(content.length);
  });

  test("gzip that was cut off counts as far as it goes, and the cut is a fault", async () => {
    // Every byte stored as it is, so that a cut is in the middle of the lines.
    const content = gzipSync("ok\n".repeat(100), { level: 0 });
    const { counts, faults } = await imported(content.subarray(0, 160));

    expect(counts.committed).toBeGreaterThan(30);
    expect(counts.rejected).toBe(1);
    expect(faults).toMatchObject([{ message: expect.stringContaining("gzip") }]);
  });

  test("the last line of a file that is still being written is no fault", async () => {
    const { counts, ignored } = await imported("ok\nok\no");

    expect(counts).toMatchObject({ received: 2, committed: 2 });
    expect(Object.fromEntries(ignored)).toEqual({ "unfinished-last-line": 1 });
  });

  test("a last line without a break counts if it is whole", async () => {
    expect((await imported("ok\nok")).counts.committed).toBe(2);
  });

  test("says no more than twenty faults, and counts them all", async () => {
    const { counts, faults } = await imported("no\n".repeat(50));

    expect([counts.rejected, faults.length]).toEqual([50, 20]);
  });

  test("a store that fails ends the import: what is not recorded is not counted", async () => {
    const record = async () => Promise.reject(new Error("the ledger is not available"));

    await expect(
      importUsage({ bytes: bytesOf("ok\n"), reader: wordReader(), record }),
    ).rejects.toThrow("not available");
  });
});
