import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJsonBatch } from "../../../shared/wire/json-batch.ts";

function valuesOf(text: string): readonly unknown[] {
  const batch = readJsonBatch(text);
  return batch.kind === "records"
    ? batch.records.map((record) => (record.kind === "value" ? record.value : record.kind))
    : [batch.kind];
}

describe("readJsonBatch", () => {
  test.each([
    ["an array", '[{"id":1},{"id":2}]', [{ id: 1 }, { id: 2 }]],
    ["an array with nothing in it", "[]", []],
    ["one object a line", '{"id":1}\n{"id":2}\n', [{ id: 1 }, { id: 2 }]],
    ["lines as Windows ends them, some empty", '{"id":1}\r\n\r\n{"id":2}', [{ id: 1 }, { id: 2 }]],
    ["one object, indented", '{\n  "id": 1\n}\n', [{ id: 1 }]],
    ["a byte order mark", '\uFEFF[{"id":1}]', [{ id: 1 }]],
  ])("reads %s", (_, text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });

  test("a bad line spoils only itself", () => {
    expect(valuesOf('{"id":1}\n{"id":\n{"id":3}')).toEqual([{ id: 1 }, "malformed", { id: 3 }]);
  });

  test.each(["", " \n", '[{"id":1},', "user=17", "{"])(
    "%j is unreadable, because no record can be made out",
    (text) => {
      expect(valuesOf(text)).toEqual(["unreadable"]);
    },
  );

  test.each(["[1,2,3]", "1\n2\n3"])("%j holds more records than two", (text) => {
    expect(readJsonBatch(text, 2)).toEqual({
      kind: "too-many",
      message: "must not hold more than 2 records",
    });
    expect(readJsonBatch(text, 3).kind).toBe("records");
  });

  test("nesting that would be costly to walk is not even built", () => {
    expect(valuesOf("[".repeat(1_000_000))).toEqual(["unreadable"]);
    expect(valuesOf(`{"id":1}\n${"[".repeat(40)}${"]".repeat(40)}`)).toEqual([
      { id: 1 },
      "malformed",
    ]);
  });

  test("records that are larger than our own are read within the limits that their route states", () => {
    const record = JSON.stringify({ messages: Array.from({ length: 6_000 }, () => 1) });
    const limits = { maxDepth: 64, maxValues: 20_000 };

    expect(valuesOf(`${record}\n${record}`)).toEqual(["unreadable"]);
    for (const text of [record, `[${record},${record}]`, `${record}\n${record}`]) {
      expect(readJsonBatch(text, 5, limits)).toMatchObject({
        records: expect.arrayContaining([expect.objectContaining({ kind: "value" })]),
      });
    }
    expect(readJsonBatch(`[${record}]`, 5, { ...limits, maxValues: 100 }).kind).toBe("unreadable");
  });

  test("an array and its lines read alike", () => {
    const record = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), (records) => {
        const lines = records.map((value) => JSON.stringify(value)).join("\n");

        expect(readJsonBatch(lines)).toEqual(readJsonBatch(JSON.stringify(records)));
      }),
    );
  });

  test("says nothing of what the text holds, as it may be secret", () => {
    expect(JSON.stringify(readJsonBatch('{"id":1}\nsk-secret'))).not.toContain("sk-secret");
  });
});
