import { describe, expect, test } from "vitest";
import { PackedSessionDays } from "../../../../shared/ledger/packed/packed-session-days.ts";
import { aSessionDay } from "../../../support/session-day-builder.ts";

/** More than two blocks of rows. */
const MANY = 2_500;

describe("packed session-days", () => {
  test("are no copies of what was given, unless a number does not fit", () => {
    const packed = new PackedSessionDays();
    const usual = aSessionDay();
    const large = aSessionDay({ calls: 2 ** 32 });
    const dear = aSessionDay({ costNanoUsd: 2n ** 53n + 1n });

    packed.add(usual);
    packed.add(large);
    packed.add(dear);

    const [first, ...others] = packed.values;
    expect(first).not.toBe(usual);
    expect(first?.costNanoUsd).toBe(usual.costNanoUsd);
    expect(others).toEqual([large, dear]);
  });

  test("stay apart, however many there are", () => {
    const packed = new PackedSessionDays();
    for (let calls = 0; calls < MANY; calls += 1) {
      packed.add(aSessionDay({ calls, session: `s${calls}`, firstMs: calls, lastMs: 2 * calls }));
    }

    expect(packed.values.map(({ calls, session, lastMs }) => [calls, session, lastMs])).toEqual(
      Array.from({ length: MANY }, (_, calls) => [calls, `s${calls}`, 2 * calls]),
    );
  });
});
