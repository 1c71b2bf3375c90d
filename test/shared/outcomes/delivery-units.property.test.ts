import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import { deliveryHistory } from "../../../shared/outcomes/delivery-history.ts";
import { MICRO_UNITS_PER_UNIT } from "../../../shared/outcomes/delivery-unit.ts";
import type { EarnCredit } from "../../../shared/outcomes/earned-credits.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { creditOf, historyOf, linesAdded, MERGED_MS, unitsOf } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";

const ids = Array.from({ length: 12 }, (_, at) => `outcome-${at}`);
const commits = ["aaaaaaa1", "aaaaaaa2", "bbbbbbb1", "ccccccc1"];

/** Outcomes that refer to each other in every way, with few names so that they meet. */
const outcomeDetails = fc.record({
  timeMs: fc.integer({ min: 0, max: 240 }).map((hours) => MERGED_MS + hours * 3_600_000),
  kind: fc.constantFrom("change_merged" as const, "deployment" as const, "issue_resolved" as const),
  user: fc.constantFrom("user-1", "user-2"),
  branch: fc.constantFrom("feat/x", "feat/y", "main"),
  commits: fc.uniqueArray(fc.constantFrom(...commits), { maxLength: 2 }),
  size: fc.nat(60).map((lines) => linesAdded(lines)),
  status: fc.constantFrom("succeeded" as const, "succeeded" as const, "rolled_back" as const),
  environment: fc.constantFrom("production", "staging"),
  sessions: fc.uniqueArray(fc.constantFrom("s0", "s1", "s2"), { maxLength: 2 }),
  references: fc.record(
    {
      files: fc.subarray(["file-1", "file-2", "file-3"], { minLength: 1 }),
      task: fc.constantFrom("WEB-1", "WEB-2"),
      artifact: fc.constantFrom("sha256:a", "sha256:b"),
      change: fc.constantFrom(...ids),
      reverts: fc.constantFrom(...ids, ...commits),
    },
    { requiredKeys: [] },
  ),
});

const outcomeHistory = fc
  .array(outcomeDetails, { maxLength: ids.length })
  .map((all) =>
    all.map(
      ({ references, ...details }, at): OutcomeEvent =>
        anOutcomeEvent({ id: ids[at] ?? "", ...details, ...references }),
    ),
  );

const sessionDays = fc.array(
  fc.record({
    session: fc.constantFrom("s0", "s1", "s2", "s3"),
    user: fc.constantFrom("user-1", "user-2"),
    firstMs: fc.integer({ min: -20, max: 12 }).map((days) => MERGED_MS + days * DAY_MS),
    costNanoUsd: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    branches: fc.subarray(["feat/x", "feat/y", "main"]),
    commits: fc.subarray(commits),
  }),
  { maxLength: 10 },
);

describe("deliveryUnits", () => {
  test("the order in which outcomes and sessions arrive does not matter", () => {
    const shuffled = outcomeHistory.chain((outcomes) =>
      fc.tuple(
        fc.constant(outcomes),
        fc.shuffledSubarray(outcomes, { minLength: outcomes.length }),
        sessionDays,
      ),
    );

    fc.assert(
      fc.property(shuffled, ([outcomes, inOtherOrder, days]) => {
        const sessions = days.map((day) => aSessionDay(day));

        expect(unitsOf(inOtherOrder, { sessions: sessions.toReversed() })).toEqual(
          unitsOf(outcomes, { sessions }),
        );
      }),
    );
  });

  test("what it says of a moment does not depend on the moments that were asked about before", () => {
    const hours = fc.integer({ min: -500, max: 800 });
    fc.assert(
      fc.property(
        outcomeHistory,
        sessionDays,
        fc.array(hours, { minLength: 2, maxLength: 6 }),
        (outcomes, days, moments) => {
          const input = { outcomes, sessions: days.map((day) => aSessionDay(day)) };
          const asked = historyOf(input);

          for (const hour of moments) {
            const asOfMs = MERGED_MS + hour * 3_600_000;
            const credit = (history: typeof asked) =>
              history.creditByUser("2026-09-01", "2026-11-01", asOfMs);

            expect(credit(asked)).toEqual(credit(historyOf(input)));
            const earned = (history: typeof asked) => {
              const credits: Parameters<EarnCredit>[] = [];
              history.eachEarned(asOfMs, (...credit) => credits.push(credit));
              return credits;
            };
            expect(earned(asked)).toEqual(earned(historyOf(input)));
          }
        },
      ),
    );
  });

  test("tasks come in order of their first outcome, whoever brought it", () => {
    const outcomes = [0, 1, 2, 3].map((at) =>
      anOutcomeEvent({
        id: `github:acme/web#${at}`,
        timeMs: MERGED_MS + at,
        user: at % 2 === 0 ? "user-1" : "user-2",
        branch: `feat/${at}`,
        commits: [],
      }),
    );

    expect(unitsOf(outcomes.toReversed()).map(({ id }) => id)).toEqual(
      outcomes.map(({ id }) => id),
    );
  });

  test("looking at the tasks of some people alone tells the same of them", () => {
    fc.assert(
      fc.property(
        outcomeHistory,
        sessionDays,
        fc.integer({ min: -500, max: 800 }),
        (outcomes, days, hour) => {
          const sessions = days.map((day) => aSessionDay(day));
          const history = historyOf({ outcomes, sessions });
          const asked = ["2026-09-01", "2026-11-01", MERGED_MS + hour * 3_600_000] as const;
          const all = history.creditByUser(...asked);

          for (const { user } of sessions) {
            const own = history.among(new Set([user])).creditByUser(...asked);
            expect(own.get(user)).toBe(all.get(user));
          }
        },
      ),
    );
  });

  test("a session that ends after the merge still takes its share, whenever was asked before", () => {
    const sessions = ["s0", "s1"].map((session, days) =>
      aSessionDay({ session, user: session, firstMs: MERGED_MS + (days - 0.5) * DAY_MS }),
    );
    const outcome = anOutcomeEvent({ sessions: ["s0", "s1"], commits: [] });
    const history = historyOf({ outcomes: [outcome], sessions });

    const creditAt = (days: number) =>
      history.creditByUser("2026-09-01", "2026-11-01", MERGED_MS + days * DAY_MS);

    expect([...creditAt(0.1)]).toEqual([["s0", 1]]);
    expect([...creditAt(2)]).toEqual([
      ["s0", 0.5],
      ["s1", 0.5],
    ]);
  });

  test("every outcome is in exactly one unit, counted or with its reason", () => {
    fc.assert(
      fc.property(outcomeHistory, (outcomes) => {
        const units = unitsOf(outcomes, { asOfMs: MERGED_MS + 30 * DAY_MS });

        const listed = units.flatMap(({ counted, notCounted }) => [...counted, ...notCounted]);
        expect(listed.map(({ id }) => id).sort()).toEqual(outcomes.map(({ id }) => id).sort());
      }),
    );
  });

  test("changes that name an issue are one unit, and never one with those of another issue", () => {
    const changes = outcomeHistory.map((all) =>
      all.map(({ reverts: _, ...outcome }): OutcomeEvent => {
        return { ...outcome, kind: "change_merged", status: "succeeded" };
      }),
    );

    fc.assert(
      fc.property(changes, (outcomes) => {
        const issueOf = new Map(outcomes.map(({ id, task }) => [id, task]));
        const issues = unitsOf(outcomes, { asOfMs: MERGED_MS + 30 * DAY_MS }).map(
          ({ counted, notCounted }) =>
            new Set([...counted, ...notCounted].flatMap(({ id }) => issueOf.get(id) ?? [])),
        );

        expect(issues.filter((named) => named.size > 1)).toEqual([]);
        expect(issues.flatMap((named) => [...named]).length).toBe(
          new Set(outcomes.flatMap(({ task }) => task ?? [])).size,
        );
      }),
    );
  });

  test("a unit is one at most, its outcomes sum to it, and its sessions to no more", () => {
    fc.assert(
      fc.property(outcomeHistory, sessionDays, (outcomes, days) => {
        const sessions = days.map((day) => aSessionDay(day));

        for (const unit of unitsOf(outcomes, { sessions })) {
          const sum = (parts: readonly { creditMicroUnits: number }[]) =>
            parts.reduce((total, part) => total + part.creditMicroUnits, 0);
          expect(unit.creditMicroUnits).toBeLessThanOrEqual(1_000_000);
          expect(sum(unit.counted)).toBe(unit.creditMicroUnits);
          expect(sum(unit.sessions)).toBeLessThanOrEqual(unit.creditMicroUnits);
          const shares = unit.sessions.map(({ shareMillionths }) => shareMillionths);
          expect(shares.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(1_000_000);
        }
      }),
    );
  });

  test("what outcomes bring sums to the credit of all units, at any moment", () => {
    const hours = fc.integer({ min: 0, max: 800 });

    fc.assert(
      fc.property(outcomeHistory, hours, (outcomes, at) => {
        const asOfMs = MERGED_MS + at * 3_600_000;
        const settings = { survivalDays: 7, productionEnvironments: ["Production"] };
        const history = deliveryHistory({ outcomes, sessions: [], settings });
        const sum = (parts: Iterable<{ readonly creditMicroUnits: number }>) =>
          [...parts].reduce((total, { creditMicroUnits }) => total + creditMicroUnits, 0);

        expect(sum(history.creditsOfOutcomes(asOfMs))).toBe(sum(history.unitsAsOf(asOfMs)));
      }),
    );
  });

  test("splitting a change into ten of the same task earns no more", () => {
    const parts = fc.array(fc.nat(30), { minLength: 10, maxLength: 10 });

    fc.assert(
      fc.property(
        parts,
        fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 40 }),
        (lines, others) => {
          const history = others.map((size, at) =>
            anOutcomeEvent({ id: `other-${at}`, task: `OTHER-${at}`, size: linesAdded(size) }),
          );
          const part = (at: number, additions: number) =>
            anOutcomeEvent({
              id: `part-${at}`,
              task: "WEB-77",
              branch: `part-${at}`,
              timeMs: MERGED_MS + at * DAY_MS,
              size: linesAdded(additions),
            });
          const whole = part(
            0,
            lines.reduce((a, b) => a + b, 0),
          );
          const split = lines.map((size, at) => part(at, size));

          expect(creditOf([...history, ...split])).toBeLessThanOrEqual(
            creditOf([...history, whole]),
          );
        },
      ),
    );
  });
});

describe("deliveryHistory", () => {
  test("credit as of a moment is what was known at that moment, without hindsight", () => {
    const merges = outcomeHistory.map((all) =>
      all.map((outcome): OutcomeEvent => ({ ...outcome, kind: "change_merged" })),
    );

    fc.assert(
      fc.property(merges, sessionDays, fc.nat(12), (outcomes, days, after) => {
        const asOfMs = MERGED_MS + after * DAY_MS;
        const sessions = days.map((day) => aSessionDay(day));
        const settings = { survivalDays: 7, productionEnvironments: ["production"] };
        const creditsOf = (input: { outcomes: OutcomeEvent[]; sessions: typeof sessions }) =>
          deliveryHistory({ ...input, settings }).creditByUser("2026-09-01", "2026-11-01", asOfMs);

        expect(creditsOf({ outcomes, sessions })).toEqual(
          creditsOf({
            outcomes: outcomes.filter(({ timeMs }) => timeMs <= asOfMs),
            sessions: sessions.filter(({ lastMs }) => lastMs <= asOfMs),
          }),
        );
      }),
    );
  });

  test("a person's credit and tasks are those that the units of all give to them", () => {
    fc.assert(
      fc.property(outcomeHistory, sessionDays, fc.nat(12), (outcomes, days, after) => {
        const asOfMs = MERGED_MS + after * DAY_MS;
        const sessions = days.map((day) => aSessionDay(day));
        const settings = { survivalDays: 7, productionEnvironments: ["production"] };
        const history = deliveryHistory({ outcomes, sessions, settings });
        const units = [...history.unitsAsOf(asOfMs)];
        const people = [...new Set([...outcomes, ...sessions].map(({ user }) => user))];
        const micro = (user: string) =>
          units
            .flatMap((unit) => unit.sessions.filter((credit) => credit.user === user))
            .reduce((sum, { creditMicroUnits }) => sum + creditMicroUnits, 0);

        const credit = history.creditByUser("2026-09-01", "2026-11-01", asOfMs);
        const unitsOf = history.unitsOf(new Set(people), asOfMs);

        for (const user of people) {
          expect(credit.get(user) ?? 0).toBe(micro(user) / MICRO_UNITS_PER_UNIT);
          expect(unitsOf.get(user) ?? []).toEqual(
            units.filter(
              (unit) =>
                unit.users.includes(user) || unit.sessions.some((each) => each.user === user),
            ),
          );
        }
      }),
    );
  });
});
