import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvLines } from "../../../shared/wire/csv-lines.ts";

function rowsOf(text: string, maxRowCharacters?: number) {
  const lines = csvLines(maxRowCharacters);
  const rows = text.split("\n").map((line, index) => lines.read(line, index + 1));
  return [...rows, lines.end()].flatMap((row) =>
    row === undefined ? [] : [[row.line, row.kind === "cells" ? row.cells : row.kind]],
  );
}

describe("csvLines", () => {
  test("splits plain and quoted cells, and takes blanks off", () => {
    expect(rowsOf('a, b ,\n"x, y","say ""hi""",z')).toEqual([
      [1, ["a", "b", ""]],
      [2, ["x, y", 'say "hi"', "z"]],
    ]);
  });

  test("a cell in quotes goes on over lines, and its row is on the line that it begins on", () => {
    expect(rowsOf('1,"two\nlines, ""quoted"""\n2,b')).toEqual([
      [1, ["1", 'two\nlines, "quoted"']],
      [3, ["2", "b"]],
    ]);
  });

  test("quotes that nothing closes spoil what they enclose, up to a limit, and no more", () => {
    expect(rowsOf('1,"open\n2,b')).toEqual([[1, "malformed"]]);
    expect(rowsOf('1,"open\n2,bbbbbb\n3,c', 10)).toEqual([
      [1, "malformed"],
      [3, ["3", "c"]],
    ]);
  });

  test("a quote in the middle of a cell is a fault of that row only", () => {
    expect(rowsOf('1,a"b"c\n2,b')).toEqual([
      [1, "malformed"],
      [2, ["2", "b"]],
    ]);
  });

  test("reads what csv-parse reads, of any cells", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", " ", "é"), maxLength: 8 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(table, (rows) => {
        const quoted = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`));
        const text = quoted.map((cells) => cells.join(",")).join("\n");
        const expected: string[][] = parse(text, { relax_column_count: true });

        expect(rowsOf(text).map(([, cells]) => cells)).toEqual(
          expected.map((cells) => cells.map((value) => value.trim())),
        );
      }),
    );
  });
});
