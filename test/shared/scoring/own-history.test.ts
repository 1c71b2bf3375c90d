import { describe, expect, test } from "vitest";
import { ownMedians, ownUsual } from "../../../shared/scoring/own-history.ts";

const weeks = (user: string, numbers: readonly number[]) => numbers.map((week) => ({ user, week }));

describe("ownUsual", () => {
  test("it is the median of the weeks before, shrunk for few, and never looks ahead", () => {
    const units = weeks("user-017", [0, 1, 2, 3, 4]);

    expect(ownUsual(units)([1, 2, 3, 100, 100])).toEqual([
      undefined,
      undefined,
      undefined,
      (2 * 3) / 5,
      (2.5 * 4) / 6,
    ]);
  });

  test("weeks of more than nine weeks ago are forgotten", () => {
    const units = weeks("user-017", [0, 1, 2, 3, 12]);

    // Only week 3 is within nine weeks of week 12.
    expect(ownUsual(units)([5, 5, 5, 5, 5]).at(-1)).toBeUndefined();
  });

  test("weeks that are frozen are usual for nobody, but have a usual of their own", () => {
    const units = weeks("user-017", [0, 1, 2, 3, 4]).map((unit) => {
      return { ...unit, isFrozen: unit.week === 3 };
    });

    expect(ownUsual(units)([1, 2, 3, 100, 100]).slice(3)).toEqual([(2 * 3) / 5, (2 * 3) / 5]);
  });

  test("the past of others is not one's own", () => {
    const units = [...weeks("user-1", [0, 1, 2]), ...weeks("user-2", [3])];

    expect(ownUsual(units)([1, 1, 1, 1]).at(-1)).toBeUndefined();
  });
});

test("ownMedians is the median as it is, for display", () => {
  expect(ownMedians(weeks("user-017", [0, 1, 2, 3]))([10, 30, 20, 0]).at(-1)).toEqual({
    median: 20,
    weeks: 3,
  });
});
