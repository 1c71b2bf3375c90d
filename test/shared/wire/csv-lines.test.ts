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
});
