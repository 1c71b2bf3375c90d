import { describe, expect, test } from "vitest";
import { type OwnUnit, ownPast } from "../../../shared/scoring/own-history.ts";

const weeks = (user: string, numbers: readonly number[]) => numbers.map((week) => ({ user, week }));
const usualOf = (units: readonly OwnUnit[]) => (values: readonly number[]) => [
  ...ownPast(units).usual(values),
];

describe("what is usual for a person", () => {
  test("it is the median of the weeks before, shrunk for few, and never looks ahead", () => {
    const units = weeks("user-017", [0, 1, 2, 3, 4]);

    expect(usualOf(units)([1, 2, 3, 100, 100])).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      (2 * 3) / 5,
      (2.5 * 4) / 6,
    ]);
  });

  test("weeks of more than nine weeks ago are forgotten", () => {
    const units = weeks("user-017", [0, 1, 2, 3, 12]);

    // Only week 3 is within nine weeks of week 12.
    expect(usualOf(units)([5, 5, 5, 5, 5]).at(-1)).toBeNaN();
  });

  test("weeks that are frozen are usual for nobody, but have a usual of their own", () => {
    const units = weeks("user-017", [0, 1, 2, 3, 4]).map((unit) => {
      return { ...unit, isFrozen: unit.week === 3 };
    });

    expect(usualOf(units)([1, 2, 3, 100, 100]).slice(3)).toEqual([(2 * 3) / 5, (2 * 3) / 5]);
  });

  test("the past of others is not one's own", () => {
    const units = [...weeks("user-1", [0, 1, 2]), ...weeks("user-2", [3])];

    expect(usualOf(units)([1, 1, 1, 1]).at(-1)).toBeNaN();
  });
});

test("the median is also there as it is, for display", () => {
  const past = ownPast(weeks("user-017", [0, 1, 2, 3]));

  expect(past.medianAt([10, 30, 20, 0], 3)).toBe(20);
  expect(past.medianAt([10, 30, 20, 0], 2)).toBeUndefined();
});
