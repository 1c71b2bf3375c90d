import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const SCRIPT = join(import.meta.dirname, "../../bench/drops/import-stream.ts");

test("the memory of an import does not grow with the file", { timeout: 120_000 }, async () => {
  const megabytes = 300;

  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, String(megabytes)]);

  const { records, committed, peakRssMegabytes } = JSON.parse(stdout);
  expect(committed).toBe(records);
  // A process that does nothing has some 60; the rest is what a batch and its garbage take.
  expect(peakRssMegabytes).toBeLessThan(megabytes);
});
