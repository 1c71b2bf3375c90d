import { describe, expect, test } from "vitest";
import { injectGaming } from "../gaming/inject-gaming.ts";
import { BASE_TACTICS } from "../gaming/tactic.ts";
import { generateOrganisation } from "../organisation/generate-organisation.ts";
import { weekKey } from "../organisation/work.ts";
import { isClear, judgedUnits } from "./judged-unit.ts";

describe("isClear", () => {
  test.each([
    { wasteUsd: 1.99, honestUsd: 1, expected: false },
    { wasteUsd: 2, honestUsd: 1, expected: true },
    { wasteUsd: 28, honestUsd: 100, expected: false },
    { wasteUsd: 30, honestUsd: 100, expected: true },
  ])("$wasteUsd wasted beside $honestUsd honest: $expected", ({ expected, ...label }) => {
    expect(isClear(label)).toBe(expected);
  });
});

describe("judgedUnits", () => {
  test("leaves out weeks of little waste, from both sides", () => {
    const honest = generateOrganisation({ seed: 12, launchShare: 0, mergeLagHours: 20 });
    const faint = injectGaming(honest, { share: 0.1, tactics: BASE_TACTICS, factor: 1.1 });
    const all = judgedUnits({ organisation: honest, gamed: [] }, new Map());

    const units = judgedUnits(faint, new Map());

    expect(units.filter(({ gaming }) => gaming !== undefined && gaming.wasteUsd < 2)).toEqual([]);
    const left = faint.gamed.filter((label) => !isClear(label));
    expect(left.length).toBeGreaterThan(0);
    expect(units).toHaveLength(all.length - left.length);
  });

  test("joins a verdict to its week, and takes a missing one as no suspicion", () => {
    const organisation = generateOrganisation({ seed: 12, launchShare: 0, mergeLagHours: 20 });
    const [one] = judgedUnits({ organisation, gamed: [] }, new Map());
    const verdict = { score: 3, isFlagged: true };

    const units = judgedUnits(
      { organisation, gamed: [] },
      new Map([[weekKey(one?.user ?? "", one?.week ?? 0), verdict]]),
    );

    expect(units.filter(({ isFlagged }) => isFlagged)).toEqual([{ ...one, ...verdict }]);
    expect(one?.score).toBe(Number.NEGATIVE_INFINITY);
  });
});
