import fc from "fast-check";
import { expect, test } from "vitest";
import { usageProfile } from "../../../shared/scoring/usage-profile.ts";
import { BRIDGE_STEPS, varianceBridge } from "../../../shared/scoring/variance-bridge.ts";
import { aCostLine } from "../../support/user-days.ts";

const tokens = fc.record({
  uncachedInput: fc.nat(5_000_000),
  cacheRead: fc.nat(50_000_000),
  cacheWrite5m: fc.nat(1_000_000),
  cacheWrite1h: fc.nat(1_000_000),
  output: fc.nat(1_000_000),
  reasoning: fc.constant(0),
});
const line = fc
  .record({
    model: fc.constantFrom("small", "middle", "large"),
    calls: fc.nat(10_000),
    tokens,
    costNanoUsd: fc.bigInt({ min: 0n, max: 10_000_000_000_000n }),
  })
  .map(aCostLine);
const amount = fc.bigInt({ min: -1_000_000_000_000n, max: 10_000_000_000_000n });

test("whatever was used, the steps lead from the expected amount to the actual one, to the nano-dollar", () => {
  fc.assert(
    fc.property(fc.array(line), fc.array(line), amount, amount, (usual, actual, from, change) => {
      const used = usageProfile(actual);

      const steps = varianceBridge({
        fromNanoUsd: from,
        before: [{ step: "delivery", changeNanoUsd: change }],
        usual: usageProfile(usual),
        actual: used,
      });

      const end = steps.reduce((sum, { changeNanoUsd }) => sum + changeNanoUsd, from);
      expect(end).toBe(used.costNanoUsd);
    }),
  );
});

test("the order of the lines changes no step by a micro-dollar", () => {
  fc.assert(
    fc.property(fc.array(line), fc.array(line), (usual, actual) => {
      const bridge = (a: typeof usual, b: typeof actual) =>
        varianceBridge({
          fromNanoUsd: 1_000_000_000n,
          before: [],
          usual: usageProfile(a),
          actual: usageProfile(b),
        });
      const change = (steps: ReturnType<typeof bridge>, name: string) =>
        Number(steps.find(({ step }) => step === name)?.changeNanoUsd ?? 0n);

      const straight = bridge(usual, actual);
      const turned = bridge(usual.toReversed(), actual.toReversed());

      for (const name of BRIDGE_STEPS) {
        expect(Math.abs(change(straight, name) - change(turned, name))).toBeLessThan(1_000);
      }
    }),
  );
});
