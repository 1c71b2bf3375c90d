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

  test("more records than a request may hold are refused with both numbers", () => {
    expect(readJsonBatch("[1,2,3]", 2)).toEqual({
      kind: "too-many",
      message: "at most 2 records fit in one request, got 3",
    });
    expect(readJsonBatch("[1,2]", 2).kind).toBe("records");
  });

  test("an array and its lines read alike", () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.json()), { minLength: 1 }), (records) => {
        const lines = records.map((record) => JSON.stringify(record)).join("\n");

        expect(readJsonBatch(lines)).toEqual(readJsonBatch(JSON.stringify(records)));
      }),
    );
  });

  test("says nothing of what the text holds, as it may be secret", () => {
    expect(JSON.stringify(readJsonBatch('{"id":1}\nsk-secret'))).not.toContain("sk-secret");
  });
});
