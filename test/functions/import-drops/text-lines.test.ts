import { describe, expect, test } from "vitest";
import { textLines } from "../../../functions/import-drops/text-lines.ts";
import { bytesOf } from "../../support/byte-chunks.ts";

async function linesOf(content: string | Uint8Array, chunkSize?: number, maxLineBytes?: number) {
  const lines: unknown[] = [];
  for await (const { number, line, isEnded } of textLines(
    bytesOf(content, chunkSize),
    maxLineBytes,
  )) {
    lines.push([number, line.kind === "text" ? line.text : line, ...(isEnded ? [] : ["open"])]);
  }
  return lines;
}

describe("textLines", () => {
  test.each([1, 2, 3, 7, 100])(
    "gives the same lines in whatever pieces of %i bytes the file arrives",
    async (chunkSize) => {
      expect(await linesOf("first €\r\n\n  \nfourth\nlast", chunkSize)).toEqual([
        [1, "first €"],
        [4, "fourth"],
        [5, "last", "open"],
      ]);
    },
  );

  test("leaves out the mark that spreadsheets put before the first line, and only that one", async () => {
    expect(await linesOf("\uFEFFa\n\uFEFFb\n")).toEqual([
      [1, "a"],
      [2, "\uFEFFb"],
    ]);
  });

  test("a line that is not UTF-8 is unreadable, the others are not", async () => {
    const bytes = Buffer.concat([Buffer.from("a\n"), Buffer.from([0xfc, 0x0a]), Buffer.from("c")]);

    expect(await linesOf(bytes)).toEqual([
      [1, "a"],
      [2, { kind: "unreadable", message: "must be UTF-8" }],
      [3, "c", "open"],
    ]);
  });

  test.each([1, 4, 100])(
    "of a line that is too long only the number is kept, in pieces of %i bytes",
    async (chunkSize) => {
      const message = "must not be longer than 5 bytes";

      expect(await linesOf("12345\n123456\nabc\n1234567", chunkSize, 5)).toEqual([
        [1, "12345"],
        [2, { kind: "unreadable", message }],
        [3, "abc"],
        [4, { kind: "unreadable", message }, "open"],
      ]);
    },
  );

  test("an empty file has no lines", async () => {
    expect(await linesOf("")).toEqual([]);
  });
});
