import { describe, expect, test } from "vitest";
import { foldUserDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import {
  decodeSessionDay,
  decodeUserDay,
  encodeSessionDay,
  encodeUserDay,
} from "../../../shared/ledger/roll-up-codec.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const { userDay, sessionDays } = foldUserDay(
  "user-017-pseudonym-aaa",
  "2026-10-05",
  [
    aUsageEvent({ id: "a", agent: "explore-1", fingerprint: "f1", useCase: "review" }),
    aUsageEvent({ id: "b", model: "unknown", repository: "acme/web", branch: "feat/x" }),
    aUsageEvent({ id: "c", grain: "link", commit: "32ad06c" }),
    aUsageEvent({
      id: "d",
      grain: "day",
      tool: "kiro",
      model: "-",
      credits: { used: 7, overage: 1 },
    }),
    aUsageEvent({ id: "f", model: "house-1" }),
    aUsageEvent({ id: "e", grain: "day", session: "-" }),
  ],
  {
    priceBook: {
      ...flatPriceBook({ "claude-sonnet-4-5": 9_007_199_254_740_993n }),
      configured: ({ model }) =>
        model === "house-1" ? { kind: "priced", costNanoUsd: 0n } : undefined,
    },
    authority: REQUESTS_FIRST,
  },
);

describe("a stored roll-up", () => {
  test("of a user's day reads back as it was, with money beyond 2^53", () => {
    expect(decodeUserDay(userDay, encodeUserDay(userDay))).toEqual(userDay);
    expect(userDay.costNanoUsd).toBe(9_007_199_254_740_993n);
  });

  test("of a session's day reads back as it was", () => {
    const [session] = sessionDays;
    expect(session && decodeSessionDay(session, encodeSessionDay(session))).toEqual(session);
  });

  test("in another format is an error, not a zero", () => {
    expect(() => decodeUserDay(userDay, "{}")).toThrow();
  });
});
