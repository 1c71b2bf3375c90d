import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { disjointTokens } from "../../../shared/usage/inclusive-usage.ts";
import { InvalidFieldError } from "../../../shared/usage/reading.ts";

const usage = fc.record({
  input: fc.nat(),
  cacheRead: fc.nat(),
  cacheWrite: fc.nat(),
  output: fc.nat(),
  reasoning: fc.nat(),
});
type Usage = typeof usage extends fc.Arbitrary<infer T> ? T : never;

const tokensOf = ({ input, output, ...parts }: Usage) =>
  disjointTokens({
    ...parts,
    input: { count: input, path: "the.input" },
    output: { count: output, path: "the.output" },
  });

describe("disjointTokens", () => {
  test("every token is in one bucket: they add up to input and output, and none is negative", () => {
    const possible = usage.map((parts) => ({
      ...parts,
      input: parts.input + parts.cacheRead + parts.cacheWrite,
      output: parts.output + parts.reasoning,
    }));

    fc.assert(
      fc.property(possible, (call) => {
        const { reasoning, ...disjoint } = tokensOf(call);
        const counts = Object.values(disjoint);

        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(call.input + call.output);
        expect(Math.min(...counts)).toBeGreaterThanOrEqual(0);
        expect(reasoning).toBe(call.reasoning);
      }),
    );
  });

  test.each([
    ["the.input", { input: 9, cacheRead: 6, cacheWrite: 4, output: 1, reasoning: 0 }],
    ["the.output", { input: 9, cacheRead: 0, cacheWrite: 0, output: 1, reasoning: 2 }],
  ])("a part that is more than %s is refused, not taken for 0", (path, call) => {
    expect(() => tokensOf(call)).toThrow(InvalidFieldError);
    expect(() => tokensOf(call)).toThrow(expect.objectContaining({ path }));
  });
});
