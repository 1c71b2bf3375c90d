import { describe, expect, test } from "vitest";
import { solveLinear } from "../../../shared/scoring/linear-system.ts";

describe("solveLinear", () => {
  test("rows are exchanged where the diagonal begins with zero", () => {
    // 2y + z = 7, x + y + z = 6, 3x + z = 6: x = 1, y = 2, z = 3.
    const [x, y, z] = solveLinear(
      [
        [0, 2, 1],
        [1, 1, 1],
        [3, 0, 1],
      ],
      [7, 6, 6],
    );

    expect([x, y, z].map((value) => Math.round((value ?? 0) * 1e12) / 1e12)).toEqual([1, 2, 3]);
  });

  test("a system without one solution is an error", () => {
    expect(() =>
      solveLinear(
        [
          [1, 2],
          [2, 4],
        ],
        [1, 2],
      ),
    ).toThrow(RangeError);
  });
});
