import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  packEvent,
  segmentKey,
  UnreadableEntryError,
  unpackEvent,
  userDayOfSegment,
} from "../../../shared/ledger/segment.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const hostileText = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
const count = fc.nat({ max: 2 ** 31 });

const anyEvent: fc.Arbitrary<UsageEvent> = fc
  .record(
    {
      timeMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
      session: hostileText,
      grain: fc.constantFrom("request", "window", "day", "link"),
      attribution: fc.constantFrom("bound", "asserted"),
      tool: hostileText,
      provider: hostileText,
      model: hostileText,
      tokens: fc.record({
        uncachedInput: count,
        cacheRead: count,
        cacheWrite5m: count,
        cacheWrite1h: count,
        output: count,
        reasoning: count,
      }),
      reportedCostNanoUsd: fc.bigInt({ min: 0n, max: 10n ** 20n }),
      reportedForeign: fc.record({
        currency: fc.constantFrom("EUR", "JPY"),
        amountNano: fc.bigInt({ min: 0n, max: 10n ** 20n }),
      }),
      agent: hostileText,
      useCase: hostileText,
      repository: hostileText,
      branch: hostileText,
      commit: hostileText,
      fingerprint: hostileText,
      tier: hostileText,
      calls: fc.integer({ min: 1, max: 2 ** 31 }),
      credits: fc.record({ used: count, overage: count }),
      revision: fc.record({
        of: hostileText,
        asOfMs: fc.integer({ min: 1, max: 4_102_444_800_000 }),
      }),
    },
    {
      requiredKeys: [
        "timeMs",
        "session",
        "grain",
        "attribution",
        "tool",
        "provider",
        "model",
        "tokens",
      ],
    },
  )
  .map((fields): UsageEvent => ({ id: "eHASH", user: "user-017-pseudonym-aaa", ...fields }));

describe("a segment key", () => {
  test("is the user's month, and the day, session and minute", () => {
    expect(segmentKey(aUsageEvent())).toEqual({
      pk: "U#user-017-pseudonym-aaa#202610",
      sk: "S#2026-10-05#9d0bbe99-d739-49a1-8651-3907cc2ba04b#0912",
    });
  });

  test("of a restated row is on its own day, in the minute of the statement", () => {
    const asOfMs = Date.UTC(2026, 9, 7, 2, 3, 4);
    const event = aUsageEvent({ session: "-", revision: { of: "row", asOfMs } });

    expect(segmentKey(event).sk).toBe("S#2026-10-05#-#0203");
  });

  test("keeps a session id with a separator in it apart from the rest", () => {
    const key = segmentKey(aUsageEvent({ session: "a#2359|%" }));

    expect(key.sk).toBe("S#2026-10-05#a%232359%7c%25#0912");
    expect(userDayOfSegment(key)).toEqual({ user: "user-017-pseudonym-aaa", day: "2026-10-05" });
  });

  test.each([
    { pk: "O#202610#0", sk: "2026-10-05T00:00:00.000Z#x" },
    { pk: "Q#conflict", sk: "S#2026-10-05#x#0000" },
    { pk: "U#user#202610", sk: "other" },
  ])("of another kind of item, $pk, belongs to no user's day", (key) => {
    expect(userDayOfSegment(key)).toBeUndefined();
  });
});

describe("a packed event", () => {
  test("reads back as it was, whatever its texts hold", () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const packed = packEvent(event);
        const read = unpackEvent(segmentKey(event), event.id, packed.body("ctx"), (name) =>
          name === "ctx" ? packed.context : undefined,
        );
        expect(read).toEqual(event);
      }),
    );
  });

  test("of a real call takes few enough bytes for a dozen to share one write unit", () => {
    const event = aUsageEvent({ reportedCostNanoUsd: 16_959_000n, tokens: { cacheRead: 200_000 } });

    const perEvent = "e".length + 16 + packEvent(event).body("ctxhsh").length;

    expect(perEvent).toBeLessThanOrEqual(62);
  });

  test("in an unknown format is an error, because a skipped entry is lost money", () => {
    const key = segmentKey(aUsageEvent());

    expect(() => unpackEvent(key, "e1", "z?", () => "x")).toThrow(UnreadableEntryError);
    expect(() => unpackEvent(key, "e1", "rmissing|1", () => undefined)).toThrow(
      UnreadableEntryError,
    );
  });
});
