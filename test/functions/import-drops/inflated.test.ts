import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { CutOffError, inflated } from "../../../functions/import-drops/inflated.ts";
import { bytesOf } from "../../support/byte-chunks.ts";

const TEXT = "one line\n".repeat(1_000);

describe("inflated", () => {
  test.each([
    ["plain", Buffer.from(TEXT)],
    ["gzip", gzipSync(TEXT)],
    [
      "two gzip files one after the other",
      Buffer.concat([gzipSync(TEXT.slice(0, 100)), gzipSync(TEXT.slice(100))]),
    ],
  ])("reads %s bytes, in pieces of any size", async (_, bytes) => {
    for (const chunkSize of [1, 1_000, Number.POSITIVE_INFINITY]) {
      expect((await buffer(inflated(bytesOf(bytes, chunkSize)))).toString()).toBe(TEXT);
    }
  });

  test.each([
    ["is empty", ""],
    ["has one byte", "a"],
  ])("a file that %s is what it is", async (_, text) => {
    expect((await buffer(inflated(bytesOf(text)))).toString()).toBe(text);
  });

  test.each([
    ["cut off", (gzip: Buffer) => gzip.subarray(0, gzip.length - 20)],
    [
      "damaged",
      (gzip: Buffer) => Buffer.concat([gzip.subarray(0, 60), Buffer.alloc(gzip.length - 60, 0xff)]),
    ],
  ])("says so if gzip data are %s, after what can be read", async (_, spoil) => {
    const bytes = spoil(gzipSync(Buffer.from(Array.from({ length: 50_000 }, (_, at) => at % 251))));

    await expect(buffer(inflated(bytesOf(bytes, 50)))).rejects.toThrow(CutOffError);
  });

  test.each([true, false])(
    "an error of the source reaches the reader as it is (gzip: %s)",
    async (isGzip) => {
      const bytes = isGzip ? gzipSync(TEXT) : Buffer.from(TEXT);
      async function* breakingOff() {
        yield bytes.subarray(0, 40);
        throw new Error("the connection broke off");
      }

      await expect(buffer(inflated(breakingOff()))).rejects.toThrow("the connection broke off");
    },
  );

  test("takes no more from the source than is read, whatever comes out of it", async () => {
    let taken = 0;
    async function* endless() {
      for (;;) {
        taken += 1;
        yield Buffer.alloc(64 * 1024, "a\n");
      }
    }
    const chunks = inflated(endless());
    await chunks.next();
    await new Promise((resolve) => setTimeout(resolve, 20));

    expect(taken).toBeLessThan(3);
    await chunks.return(undefined);
  });
});
