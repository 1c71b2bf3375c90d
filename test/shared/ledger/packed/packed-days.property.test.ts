import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PackedSessionDays } from "../../../../shared/ledger/packed/packed-session-days.ts";
import { PackedUserDays } from "../../../../shared/ledger/packed/packed-user-days.ts";
import type { SessionDay, UserDay } from "../../../../shared/ledger/roll-ups.ts";
import { arbitrarySessionDay, arbitraryUserDay } from "../../../support/arbitrary-roll-ups.ts";
import { plainSessionDay, plainUserDay } from "../../../support/plain-roll-ups.ts";

function packedSessionDays(values: readonly SessionDay[]): readonly SessionDay[] {
  const packed = new PackedSessionDays();
  for (const value of values) {
    packed.add(value);
  }
  return packed.values;
}

function packedUserDays(values: readonly UserDay[]): readonly UserDay[] {
  const packed = new PackedUserDays();
  for (const value of values) {
    packed.add(value);
  }
  return packed.values;
}

describe("packed roll-ups", () => {
  test("of sessions read back as they were given, in their order", () => {
    fc.assert(
      fc.property(fc.array(arbitrarySessionDay), (values) => {
        expect(packedSessionDays(values).map(plainSessionDay)).toEqual(values);
      }),
    );
  });

  test("of users read back as they were given, in their order", () => {
    fc.assert(
      fc.property(fc.array(arbitraryUserDay), (values) => {
        expect(packedUserDays(values).map(plainUserDay)).toEqual(values);
      }),
    );
  });
});
