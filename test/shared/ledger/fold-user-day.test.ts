import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldUserDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { encodeSessionDay, encodeUserDay } from "../../../shared/ledger/roll-up-codec.ts";
import type { PriceBook } from "../../../shared/pricing/price-book.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const USER = "user-017-pseudonym-aaa";
const DAY = "2026-10-05";
const book = flatPriceBook({ "claude-sonnet-4-5": 1_000n, "claude-opus-4-5": 7n });
const at = (minute: number) => Date.UTC(2026, 9, 5, 9, minute);

function fold(entries: readonly UsageEvent[]) {
  return foldUserDay(USER, DAY, entries, { priceBook: book, authority: REQUESTS_FIRST });
}

describe("foldUserDay", () => {
  test("adds up calls by tool, provider and model, and by session", () => {
    const { userDay, sessionDays } = fold([
      aUsageEvent({ id: "a", session: "s1" }),
      aUsageEvent({ id: "b", session: "s1", model: "claude-opus-4-5", timeMs: at(40) }),
      aUsageEvent({ id: "c", session: "s2" }),
    ]);

    expect(userDay).toMatchObject({ calls: 3, costNanoUsd: 2_007n, sessions: 2, unpricedCalls: 0 });
    expect(userDay.lines.map((line) => [line.model, line.calls, line.costNanoUsd])).toEqual([
      ["claude-opus-4-5", 1, 7n],
      ["claude-sonnet-4-5", 2, 2_000n],
    ]);
    expect(sessionDays.map((day) => [day.session, day.costNanoUsd])).toEqual([
      ["s1", 1_007n],
      ["s2", 1_000n],
    ]);
  });

  test("counts an identity once that two sources stated a minute apart", () => {
    const { userDay } = fold([
      aUsageEvent({ id: "same", session: "s1", timeMs: at(1) }),
      aUsageEvent({ id: "same", session: "gateway", tool: "litellm", timeMs: at(2) }),
    ]);

    expect(userDay).toMatchObject({ calls: 1, costNanoUsd: 1_000n });
    expect(userDay.lines[0]?.tool).toBe("claude-code");
    expect(userDay.version.entries).toBe(2);
  });

  test("takes metrics only where the tool sent no request in the session", () => {
    const window = { grain: "window", reportedCostNanoUsd: 500n } as const;
    const { userDay } = fold([
      aUsageEvent({ id: "r", session: "with-logs" }),
      aUsageEvent({ id: "w1", session: "with-logs", ...window }),
      aUsageEvent({ id: "w2", session: "metrics-only", ...window }),
    ]);

    expect(userDay).toMatchObject({ calls: 2, costNanoUsd: 1_500n });
    expect(userDay.lines[0]).toMatchObject({ reportedBasisCalls: 1 });
  });

  test("takes the sender's figure for a model without a price, and says so", () => {
    const { userDay } = fold([
      aUsageEvent({ id: "a", model: "new-model", reportedCostNanoUsd: 42n }),
    ]);

    expect(userDay.lines).toMatchObject([
      { costNanoUsd: 42n, reportedBasisCalls: 1, unpricedCalls: 0 },
    ]);
  });

  test("counts a call that nobody can price: unknown is never zero", () => {
    const { userDay } = fold([aUsageEvent({ id: "a", model: "new-model" })]);

    expect(userDay).toMatchObject({ calls: 1, costNanoUsd: 0n, unpricedCalls: 1 });
  });

  test("counts metrics without a cost as unpriced", () => {
    const { userDay } = fold([aUsageEvent({ id: "w", grain: "window" })]);

    expect(userDay).toMatchObject({ calls: 1, costNanoUsd: 0n, unpricedCalls: 1 });
  });

  test("ties commits and branches to the session without spending anything", () => {
    const link = { grain: "link", session: "s1" } as const;
    const { userDay, sessionDays } = fold([
      aUsageEvent({ id: "a", session: "s1" }),
      aUsageEvent({ id: "l1", ...link, commit: "32ad06c", branch: "feat/x" }),
    ]);

    expect(userDay).toMatchObject({ calls: 1, sessions: 1 });
    expect(sessionDays[0]).toMatchObject({ commits: ["32ad06c"], branches: ["feat/x"] });
  });

  test("counts repeats by fingerprint", () => {
    const { userDay } = fold(
      ["x", "x", "y"].map((fingerprint, n) => aUsageEvent({ id: `f${n}`, fingerprint })),
    );

    expect(userDay).toMatchObject({ fingerprintedCalls: 3, distinctFingerprints: 2 });
  });

  test("gives the same roll-ups for the same entries in any order", () => {
    const entries = [
      aUsageEvent({ id: "a", session: "s1", timeMs: at(1), agent: "explore-1" }),
      aUsageEvent({ id: "a", session: "s2", timeMs: at(1) }),
      aUsageEvent({ id: "b", session: "s2", timeMs: at(3), model: "claude-opus-4-5" }),
      aUsageEvent({ id: "w", session: "s2", grain: "window", reportedCostNanoUsd: 5n }),
      aUsageEvent({ id: "l", session: "s1", grain: "link", commit: "32ad06c" }),
    ];
    const expected = fold(entries);

    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        expect(fold(shuffled)).toEqual(expected);
      }),
    );
  });

  test("a sender that makes up names stays within an item of 400 KB, and is in the sum to the last call", () => {
    const long = (kind: string, n: number) => `"${kind}-${n}-`.padEnd(200, "\u{4e16}");
    const entries = Array.from({ length: 2_000 }, (_, n) =>
      aUsageEvent({
        id: `made-up-${n}`,
        tool: long("tool", n),
        provider: long("provider", n),
        model: n === 7 ? "claude-sonnet-4-5" : long("model", n),
        reportedCostNanoUsd: 3n,
        useCase: long("use-case", n),
        repository: long("repository", n),
        branch: long("branch", n),
        commit: n.toString(16).padStart(64, "0"),
      }),
    );

    const { userDay, sessionDays } = fold(entries);

    expect(userDay).toMatchObject({ calls: 2_000, costNanoUsd: 1_999n * 3n + 1_000n });
    expect(userDay.lines.reduce((sum, line) => sum + line.costNanoUsd, 0n)).toBe(
      userDay.costNanoUsd,
    );
    expect(userDay.lines.map(({ model }) => model)).toContain("claude-sonnet-4-5");
    const items = [encodeUserDay(userDay), ...sessionDays.map(encodeSessionDay)];
    for (const item of items) {
      expect(Buffer.byteLength(item)).toBeLessThan(390 * 1024);
    }
  });

  test("sessions add up to the day", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            id: fc.constantFrom("1", "2", "3", "4", "5", "6"),
            session: fc.constantFrom("s1", "s2", "s3"),
            model: fc.constantFrom("claude-sonnet-4-5", "claude-opus-4-5", "unknown"),
            grain: fc.constantFrom("request", "window", "link"),
          }),
        ),
        (fields) => {
          const { userDay, sessionDays } = fold(fields.map((field) => aUsageEvent(field)));
          const sum = sessionDays.reduce((total, day) => total + day.costNanoUsd, 0n);
          expect(sum).toBe(userDay.costNanoUsd);
          expect(sessionDays.reduce((total, day) => total + day.calls, 0)).toBe(userDay.calls);
        },
      ),
    );
  });
});

describe("foldUserDay with configured prices of windows", () => {
  const tokens = { uncachedInput: 5, cacheRead: 0, cacheWrite5m: 0, output: 0 };
  const noTokens = { ...tokens, uncachedInput: 0 };
  const windows = [
    aUsageEvent({ id: "w1", grain: "window", tokens }),
    aUsageEvent({ id: "w2", grain: "window", tokens: noTokens, reportedCostNanoUsd: 900n }),
  ];
  const lineOf = (prices: readonly ("priced" | "unpriced")[]) => {
    const left = [...prices];
    const priceBook: PriceBook = {
      version: "1",
      listCost: () => undefined,
      configured: () =>
        left.shift() === "priced"
          ? { kind: "priced", costNanoUsd: 70n }
          : { kind: "unpriced", reason: "no-rate" },
    };
    const another = aUsageEvent({ id: "w3", grain: "window", tokens });
    const { userDay } = foldUserDay(USER, DAY, [...windows, another], {
      priceBook,
      authority: REQUESTS_FIRST,
    });
    return userDay.lines[0];
  };

  test("their tokens cost what is configured, and the estimate of the same calls is not added", () => {
    expect(lineOf(["priced", "priced"])).toMatchObject({
      calls: 1,
      costNanoUsd: 140n,
      configuredBasisCalls: 1,
    });
  });

  test("where a price is missing for some of them, the estimate stands: nothing is left out", () => {
    expect(lineOf(["priced", "unpriced"])).toMatchObject({
      calls: 1,
      costNanoUsd: 900n,
      reportedBasisCalls: 1,
    });
  });
});
