import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { jsonElements } from "../../../functions/import-drops/json-elements.ts";
import { bytesOf } from "../../support/byte-chunks.ts";

const ELEMENTS = [{ a: '[1,2],\n{"}' }, { b: [1, [2, { c: 'quote " and \\' }]] }, 3, "x,y"];

async function elementsOf(json: string, chunkSize?: number) {
  const lines = (await text(jsonElements(bytesOf(json, chunkSize)))).split("\n");
  return lines.filter((line) => line.replace("\uFEFF", "").trim() !== "");
}

describe("jsonElements", () => {
  test.each([1, 5, 1_000])(
    "gives an element a line, however the array is laid out, in pieces of %i bytes",
    async (chunkSize) => {
      for (const json of [
        JSON.stringify(ELEMENTS),
        `\uFEFF ${JSON.stringify(ELEMENTS, null, 2)}\r\n`,
      ]) {
        const lines = await elementsOf(json, chunkSize);
        expect(lines.map((line) => JSON.parse(line.replace("\uFEFF", "")))).toEqual(ELEMENTS);
      }
    },
  );

  test.each(['{"a":[1,2]}\n{"b":1}\n', "Date,UserId\n[1],2\n", "", "  \n"])(
    "leaves a file that is no array as it is: %j",
    async (content) => {
      expect(await text(jsonElements(bytesOf(content)))).toBe(content);
    },
  );

  test("an array that was cut off gives what it has", async () => {
    expect(await elementsOf('[{"a":1},\n{"b":')).toEqual([' {"a":1}', ' {"b":']);
  });

  test("a line break within a text, which JSON has not, spoils that element only", async () => {
    expect(await elementsOf('[{"a":"x\ny"},{"b":2}]')).toEqual([' {"a":"x', 'y"}', '{"b":2}']);
  });
});
