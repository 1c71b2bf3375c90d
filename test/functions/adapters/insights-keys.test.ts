import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type InsightsPlace,
  insightsKey,
  insightsPlace,
} from "../../../functions/adapters/insights-keys.ts";

const DAY = "2026-10-05";
const user = fc.stringMatching(/^[A-Za-z0-9_-]{1,22}$/);
const session = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });

const place: fc.Arbitrary<InsightsPlace> = fc.oneof(
  fc.record({ kind: fc.constant("user-day" as const), user, day: fc.constant(DAY) }),
  fc.record({
    kind: fc.constantFrom("session-day" as const, "session-score" as const),
    user,
    day: fc.constant(DAY),
    session,
  }),
);

/** The order of DynamoDB's sort keys: by UTF-8 bytes. */
function sortsWithin(key: string, first: string, last: string): boolean {
  const at = Buffer.from(key);
  return Buffer.compare(at, Buffer.from(first)) >= 0 && Buffer.compare(at, Buffer.from(last)) <= 0;
}

describe("a key of the insights table", () => {
  test("reads back as the place that it was made for, whatever the session's id holds", () => {
    fc.assert(
      fc.property(place, (one) => {
        expect(insightsPlace(insightsKey(one))).toEqual(one);
      }),
    );
  });

  test("is in the range of its own day and person exactly if it is a roll-up of theirs", () => {
    fc.assert(
      fc.property(place, user, (one, reader) => {
        const key = insightsKey(one).sk.S;

        const isRead = sortsWithin(key, `${DAY}#${reader}`, `${DAY}#${reader}#T`);

        expect(isRead).toBe(one.user === reader && one.kind !== "session-score");
      }),
    );
  });

  test("is in the range of a period up to, and not in, the day of its end", () => {
    const key = insightsKey({ kind: "user-day", user: "user-017", day: DAY }).sk.S;

    expect(sortsWithin(key, DAY, "2026-10-06")).toBe(true);
    expect(sortsWithin(key, "2026-10-01", DAY)).toBe(false);
  });

  test("of another kind of item is no place", () => {
    expect(insightsPlace({ pk: { S: "LIMITS" }, sk: { S: "CURRENT" } })).toBeUndefined();
  });
});
