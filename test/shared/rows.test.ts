import { describe, expect, test } from "vitest";
import { Rows } from "../../shared/rows.ts";

describe("rows of numbers", () => {
  test("are read back one by one, also past the first block", () => {
    const rows = new Rows({ counts: 2, amounts: 1 });
    for (let row = 0; row < 1_030; row += 1) {
      expect(rows.add([row, 2 ** 32 - 1 - row], [row / 7])).toBe(true);
    }

    expect(rows.length).toBe(1_030);
    for (const row of [0, 1_023, 1_024, 1_029]) {
      expect([rows.count(row, 0), rows.count(row, 1), rows.amount(row, 0)]).toEqual([
        row,
        2 ** 32 - 1 - row,
        row / 7,
      ]);
    }
  });

  test.each([-1, 0.5, 2 ** 32, Number.NaN])("take no row with the count %d", (count) => {
    const rows = new Rows({ counts: 1, amounts: 1 });

    expect(rows.add([count], [7])).toBe(false);
    expect(rows.add([3], [8])).toBe(true);

    expect(rows.length).toBe(1);
    expect([rows.count(0, 0), rows.amount(0, 0)]).toEqual([3, 8]);
  });
});
