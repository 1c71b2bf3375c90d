import { describe, expect, test } from "vitest";
import { type PeerUnit, peerControl } from "../../../shared/scoring/peer-control.ts";

const team = (name: string, size: number, week = 0) =>
  Array.from({ length: size }, () => ({ team: name, week }));

const withoutShared = (units: readonly PeerUnit[]) => (values: readonly number[]) => [
  ...peerControl(units)(values),
];

describe("peerControl", () => {
  test("what the others of the team share that week is taken out, shrunk for few peers", () => {
    // Three peers: the median of the others times 3/5.
    expect(withoutShared(team("a", 4))([1, 1, 1, 5])).toEqual([0.4, 0.4, 0.4, 4.4]);
  });

  test("nobody's own value hides in the median", () => {
    const [, , , , far] = withoutShared(team("a", 5))([0, 0, 0, 0, 9]);

    expect(far).toBe(9);
  });

  test("a team of three is compared with the organisation", () => {
    const units = [...team("small", 3), ...team("large", 5)];

    const [small] = withoutShared(units)([1, 1, 1, 2, 2, 2, 2, 2]);

    // Seven peers, median 2, times 7/9.
    expect(small).toBeCloseTo(1 - (2 * 7) / 9, 12);
  });

  test("with nobody to compare with, a value stays as it is", () => {
    expect(withoutShared(team("a", 3))([1, 2, 3])).toEqual([1, 2, 3]);
  });

  test("weeks are apart: last week's price is no peer of this week's", () => {
    const units = [...team("a", 4, 0), ...team("a", 4, 1)];

    const values = withoutShared(units)([0, 0, 0, 0, 5, 5, 5, 5]);

    expect(values).toEqual([0, 0, 0, 0, 2, 2, 2, 2]);
  });
});
