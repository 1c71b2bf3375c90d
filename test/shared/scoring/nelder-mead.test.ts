import { describe, expect, test } from "vitest";
import { nelderMead } from "../../../shared/scoring/nelder-mead.ts";

describe("nelderMead", () => {
  test("it follows the curved valley of Rosenbrock's function to its end", () => {
    const rosenbrock = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;

    const [x, y] = nelderMead(rosenbrock, [-1.2, 1], 0.5);

    expect(x).toBeCloseTo(1, 6);
    expect(y).toBeCloseTo(1, 6);
  });

  test("it stays out of where the objective is not defined", () => {
    const objective = ([x = 0]: readonly number[]) =>
      x <= 0 ? Number.POSITIVE_INFINITY : x - Math.log(x);

    const [x] = nelderMead(objective, [0.05], 1);

    expect(x).toBeCloseTo(1, 6);
  });
});
