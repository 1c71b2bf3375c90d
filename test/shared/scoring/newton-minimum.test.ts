import { describe, expect, test } from "vitest";
import { newtonMinimum } from "../../../shared/scoring/newton-minimum.ts";

describe("newtonMinimum", () => {
  test("it follows the curved valley of Rosenbrock's function to its end", () => {
    const [x, y] = newtonMinimum(
      ([u = 0, v = 0]) => ({
        value: (1 - u) ** 2 + 100 * (v - u * u) ** 2,
        gradient: [-2 * (1 - u) - 400 * u * (v - u * u), 200 * (v - u * u)],
        hessian: [
          [2 - 400 * (v - 3 * u * u), -400 * u],
          [-400 * u, 200],
        ],
      }),
      [-1.2, 1],
    );

    expect(x).toBeCloseTo(1, 12);
    expect(y).toBeCloseTo(1, 12);
  });

  test("it goes downwards also from where the function is curved the other way", () => {
    // Near 0, Newton's step of −cos leads uphill, to the maximum at π.
    const cosine = ([x = 0]: readonly number[]) => ({
      value: -Math.cos(x),
      gradient: [Math.sin(x)],
      hessian: [[Math.cos(x)]],
    });

    const [x] = newtonMinimum(cosine, [2.5]);

    expect(x).toBeCloseTo(0, 12);
  });

  test("it stays out of where the function is not defined", () => {
    const [x] = newtonMinimum(
      ([u = 0]) => ({
        value: u <= 0 ? Number.POSITIVE_INFINITY : u - Math.log(u),
        gradient: [1 - 1 / u],
        hessian: [[1 / (u * u)]],
      }),
      [5],
    );

    expect(x).toBeCloseTo(1, 12);
  });

  test("a direction in which nothing changes is left alone", () => {
    const flat = ([x = 0]: readonly number[]) => ({
      value: (x - 3) ** 2,
      gradient: [2 * (x - 3), 0],
      hessian: [
        [2, 0],
        [0, 0],
      ],
    });

    const [x, y] = newtonMinimum(flat, [0, 7]);

    expect(x).toBeCloseTo(3, 9);
    expect(y).toBe(7);
  });

  test("it does not wander where the gradient is but rounding", () => {
    let evaluations = 0;
    const rounded = ([x = 0]: readonly number[]) => {
      evaluations += 1;
      return {
        value: Math.cosh(x - 2),
        gradient: [Math.sinh(x - 2) + (evaluations % 2 === 0 ? 1e-11 : -1e-11)],
        hessian: [[Math.cosh(x - 2)]],
      };
    };

    const [x] = newtonMinimum(rounded, [1]);

    expect(x).toBeCloseTo(2, 9);
    expect(evaluations).toBeLessThan(10);
  });
});
