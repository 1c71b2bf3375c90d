import { describe, expect, test } from "vitest";
import { comparer, type Deviations, moreUnusual } from "../../../shared/scoring/comparison.ts";

/** People `a` to `e` of a small team and `f` to `t` of a large one, week after week. */
const PEOPLE = [..."abcdefghijklmnopqrst"];
const WEEKS = 8;
const units = Array.from({ length: WEEKS }, (_, week) =>
  PEOPLE.map((user) => ({ user, team: user < "f" ? "small" : "large", week })),
).flat();
const all = [...units.keys()];
const fitted = Int32Array.from(all);
/** Between -1 and 1, and different for every unit. */
const wobble = (at: number) => Math.sin(1 + at * 2.399);

function at(user: string, week: number): number {
  return units.findIndex((unit) => unit.user === user && unit.week === week);
}

describe("comparer", () => {
  test("does not depend on how far from zero values are, nor on how large a team is", () => {
    const near = comparer(units)(all.map(wobble), fitted);
    const far = comparer(units)(
      all.map((position) => 1000 + wobble(position)),
      fitted,
    );

    for (const position of all) {
      expect(far.peers.z(position)).toBeCloseTo(near.peers.z(position), 9);
      expect(far.own.z(position)).toBeCloseTo(near.own.z(position), 9);
    }
  });

  test("what somebody always does is unusual beside the peers, and usual for the person", () => {
    const values = all.map(
      (position) => wobble(position) + (units[position]?.user === "a" ? 9 : 0),
    );

    const { peers, own } = comparer(units)(values, fitted);

    expect(peers.z(at("a", 7))).toBeGreaterThan(4);
    expect(own.z(at("a", 7))).toBeLessThan(3);
  });

  test("who has too little past is compared with the peers alone", () => {
    const { peers, own } = comparer(units)(all.map(wobble), fitted);

    expect(own.z(at("g", 1))).toBe(peers.z(at("g", 1)));
    expect(own.z(at("g", 7))).not.toBe(peers.z(at("g", 7)));
  });

  test("what most have none of is measured by those who have some", () => {
    // One in six, so that neither the median nor the scatter about it shows them.
    const values = all.map((position) => (position % 6 === 0 ? 2 + wobble(position) : 0));

    const { peers } = comparer(units)(values, fitted);

    expect(Math.max(...all.map(peers.z))).toBeLessThan(4);
  });

  test("a deviation below the smallest scale is never unusual", () => {
    const values = all.map((position) => (position === at("a", 7) ? 0.1 : 0));

    const { peers } = comparer(units)(values, fitted, 0.5);

    expect(peers.z(at("a", 7))).toBeCloseTo(0.2, 9);
  });
});

describe("moreUnusual", () => {
  test("takes of each unit the respect in which it is higher, with its own deviation", () => {
    const both = moreUnusual({
      peers: deviations([3, 1], [0.3, 0.1]),
      own: deviations([2, 4], [0.2, 0.4]),
    });

    expect([0, 1].map(both.z)).toEqual([3, 4]);
    expect([0, 1].map(both.deviation)).toEqual([0.3, 0.4]);
  });
});

function deviations(z: readonly number[], deviation: readonly number[]): Deviations {
  const at = (values: readonly number[]) => (position: number) => values[position] ?? Number.NaN;
  return { z: at(z), deviation: at(deviation) };
}
