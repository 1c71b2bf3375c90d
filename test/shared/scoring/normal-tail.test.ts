import { describe, expect, test } from "vitest";
import * as z from "zod";
import { normalTail } from "../../../shared/scoring/normal-tail.ts";
import { scoringFixture } from "../../support/scoring-fixture.ts";

const { tails } = scoringFixture(
  "normal-tail",
  z.object({ tails: z.array(z.tuple([z.number(), z.number()])) }),
);

describe("normalTail", () => {
  test.each(tails)("at %d standard deviations it agrees with mpmath to 1e-12", (z, expected) => {
    expect(Math.abs(normalTail(z) / expected - 1)).toBeLessThan(1e-12);
  });

  test("series and continued fraction meet without a step", () => {
    const below = normalTail(3 - 1e-9);
    const above = normalTail(3 + 1e-9);

    expect(below).toBeGreaterThan(above);
    expect(below - above).toBeLessThan(1e-10);
  });

  test("beyond what a floating number holds it is zero and no error", () => {
    expect(normalTail(60)).toBe(0);
    expect(normalTail(-60)).toBe(1);
  });
});
