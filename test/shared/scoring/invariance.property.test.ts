import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { PackedSessionDays } from "../../../shared/ledger/packed/packed-session-days.ts";
import { PackedUserDays } from "../../../shared/ledger/packed/packed-user-days.ts";
import { scoreUserWindows } from "../../../shared/scoring/score-user-windows.ts";
import { sessionDeliveries } from "../../../shared/scoring/session-deliveries.ts";
import { scoreSessions } from "../../../shared/scoring/session-score.ts";
import { scoringInput } from "../../support/scored-organisation.ts";
import { type Organisation, syntheticOrganisation } from "../../support/synthetic-organisation.ts";

const SOME = { numRuns: 5 };
const organisation = syntheticOrganisation({
  seed: 1,
  peculiarityOf: (user, back) =>
    user === "user-00003" && back === 0 ? { callsPerSession: 5, delivery: 0 } : {},
});

/** Every score of a night, alerts and sessions, as a text: not one digit may differ. */
function night(records: Organisation): string {
  const input = scoringInput(records);
  const { asOfMs, delivery, directory, sessionDays } = input;
  const windows = scoreUserWindows(input);
  const { all, scoreOf } = scoreSessions({
    sessionDays,
    deliveries: sessionDeliveries(delivery, asOfMs),
    asOfMs,
    directory,
  });
  return JSON.stringify({ windows, sessions: all.map(scoreOf) }, (_, value) =>
    typeof value === "bigint" ? `${value}` : value,
  );
}

function shuffled<Value>(values: readonly Value[]) {
  return fc.shuffledSubarray([...values], { minLength: values.length });
}

describe("a night's scores", () => {
  const expected = night(organisation);

  test("there is something to tell apart: an alert, and sessions with scores", () => {
    expect(expected).toContain('"user-00003"');
    expect(scoreUserWindows(scoringInput(organisation)).alerts.length).toBeGreaterThan(0);
  });

  test("do not depend on the order of the records", () => {
    const inAnyOrder = fc.record({
      userDays: shuffled(organisation.userDays),
      sessionDays: shuffled(organisation.sessionDays),
      outcomes: shuffled(organisation.outcomes),
    });

    fc.assert(
      fc.property(inAnyOrder, (records) => {
        expect(night({ ...organisation, ...records }) === expected).toBe(true);
      }),
      SOME,
    );
  });

  test("do not depend on how the records are held in memory", () => {
    const userDays = new PackedUserDays();
    const sessionDays = new PackedSessionDays();
    for (const value of organisation.userDays) {
      userDays.add(value);
    }
    for (const value of organisation.sessionDays) {
      sessionDays.add(value);
    }

    const packed = { userDays: userDays.values, sessionDays: sessionDays.values };
    expect(Object.keys(packed.userDays[0] ?? {})).toEqual([]);
    expect(night({ ...organisation, ...packed }) === expected).toBe(true);
  });

  test("do not depend on outcomes that are told of again", () => {
    const again = fc.subarray([...organisation.outcomes]);
    const credits = (outcomes: Organisation["outcomes"]) => {
      const { delivery, asOfMs } = scoringInput({ ...organisation, outcomes });
      return [...delivery.creditByUser("2026-11-09", "2026-11-16", asOfMs)];
    };

    fc.assert(
      fc.property(again, (repeated) => {
        expect(credits([...organisation.outcomes, ...repeated])).toEqual(
          credits(organisation.outcomes),
        );
      }),
      SOME,
    );
  });

  describe("in other time zones", () => {
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    test.each([
      { name: "Pacific/Kiritimati", offset: -840 },
      { name: "America/St_Johns", offset: 210 },
      { name: "Asia/Kathmandu", offset: -345 },
    ])("are the same where the machine is in $name", ({ name, offset }) => {
      vi.stubEnv("TZ", name);

      const there = night(organisation);

      expect(new Date("2026-11-16T00:00:00Z").getTimezoneOffset()).toBe(offset);
      expect(there === expected).toBe(true);
    });
  });
});
