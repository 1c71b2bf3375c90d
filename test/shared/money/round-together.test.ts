import { describe, expect, test } from "vitest";
import { roundTogether } from "../../../shared/money/round-together.ts";

const NANO = 1_000_000_000n;

describe("roundTogether", () => {
  test.each([
    ["a third each: the one that is left goes to the first", [1n, 1n, 1n], 3n * NANO, [1n, 0n, 0n]],
    ["the largest remainder is raised", [1n, 5n, 4n], 10n * NANO, [0n, 1n, 0n]],
    ["a sum of a half is rounded up", [1n, 0n], 2n * NANO, [1n, 0n]],
    ["whole amounts stay as they are", [3n, 0n, 2n], NANO, [3n, 0n, 2n]],
    ["nothing is nothing", [], 7n, []],
  ])("%s", (_, numerators, denominator, rounded) => {
    expect(roundTogether(numerators, denominator)).toEqual(rounded);
  });
});
