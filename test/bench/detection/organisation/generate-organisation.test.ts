import { describe, expect, test } from "vitest";
import { judgedOrganisation } from "../judged-organisation.ts";
import { generateOrganisation } from "./generate-organisation.ts";
import { listCost } from "./priced-models.ts";
import { taskDifficulties } from "./task-difficulty.ts";
import { costUsd, sessionNanoUsd, weekStartMs } from "./work.ts";

const SETTINGS = { seed: 21, launchShare: 0.03, mergeLagHours: 20 };
const ORGANISATION = generateOrganisation(SETTINGS);

describe("generateOrganisation", () => {
  test("makes the same of the same seed, and another of another", () => {
    expect(generateOrganisation(SETTINGS)).toEqual(ORGANISATION);
    expect(generateOrganisation({ ...SETTINGS, seed: 22 })).not.toEqual(ORGANISATION);
  });

  test("has 80 people in ten teams and 16 weeks", () => {
    expect(ORGANISATION.members).toHaveLength(80);
    expect(new Set(ORGANISATION.members.map(({ team }) => team)).size).toBe(10);
    expect(ORGANISATION.weeks).toHaveLength(80 * 16);
  });

  test("keeps every session within its week and its day", () => {
    for (const { week, sessions } of ORGANISATION.weeks) {
      for (const { firstMs, lastMs } of sessions) {
        expect(firstMs).toBeGreaterThanOrEqual(weekStartMs(week));
        expect(lastMs).toBeLessThan(weekStartMs(week + 1));
        expect(lastMs).toBeGreaterThan(firstMs);
        expect(new Date(lastMs).getUTCDate()).toBe(new Date(firstMs).getUTCDate());
      }
    }
  });

  test("draws history and test from halves that share no task", () => {
    const { half } = taskDifficulties(21);

    expect(new Set([...half(9), ...half(10)]).size).toBe(half(9).length + half(10).length);
  });

  test("changes nothing but what one team pays, where a price changes", () => {
    const dearer = generateOrganisation({ ...SETTINGS, priceChange: 2.2 });

    for (const [at, after] of dearer.weeks.entries()) {
      const before = ORGANISATION.weeks[at];
      const changed = after.sessions.some(({ priceFactor }) => priceFactor !== 1);
      const factor = changed ? 2.2 : 1;
      expect(costUsd(after.sessions)).toBeCloseTo(factor * costUsd(before?.sessions ?? []), 6);
      expect(after.sessions.map(({ tokens }) => tokens)).toEqual(
        before?.sessions.map(({ tokens }) => tokens),
      );
    }
    expect(dearer).not.toEqual(ORGANISATION);
  });
});

describe("judgedOrganisation", () => {
  const judged = judgedOrganisation(ORGANISATION, { ageMs: 0, hasFingerprints: false });
  const all = ORGANISATION.weeks.flatMap(({ sessions }) => sessions);

  test("keeps every nano-dollar, by session, by day and by line of a day", () => {
    const total = all.reduce((sum, session) => sum + BigInt(sessionNanoUsd(session)), 0n);
    const sum = (rows: readonly { readonly costNanoUsd: bigint }[]) =>
      rows.reduce((so, { costNanoUsd }) => so + costNanoUsd, 0n);

    expect(sum(judged.sessionDays)).toBe(total);
    expect(sum(judged.userDays)).toBe(total);
    expect(sum(judged.userDays.flatMap(({ lines }) => lines))).toBe(total);
  });

  test("states tokens that come to the cost at list price", () => {
    const [session] = all;
    const [day] = judged.sessionDays;

    expect(day?.costNanoUsd).toBe(
      BigInt(session === undefined ? -1 : Math.round(listCost(session.model, session.tokens))),
    );
  });

  test("has no fingerprint unless it is asked for", () => {
    const seen = judgedOrganisation(ORGANISATION, { ageMs: 0, hasFingerprints: true });

    expect(judged.userDays.some(({ fingerprintedCalls }) => fingerprintedCalls > 0)).toBe(false);
    expect(seen.userDays.every((day) => day.fingerprintedCalls === day.calls)).toBe(true);
  });
});
