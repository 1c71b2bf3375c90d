import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import { type DeliveryInput, deliveryHistory } from "../../../shared/outcomes/delivery-history.ts";
import type { SessionCredit } from "../../../shared/outcomes/delivery-unit.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { linesAdded, MERGED_MS, unitsOf } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";

const NAMES = ["s0", "s1", "s2", "s3"];
const weight = fc.double({ min: 0.01, max: 10, noNaN: true });

const sessionDays = fc.array(
  fc.record({
    session: fc.constantFrom(...NAMES),
    firstMs: fc.integer({ min: -20, max: -1 }).map((days) => MERGED_MS + days * DAY_MS),
    costNanoUsd: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  }),
  { minLength: 1, maxLength: 12 },
);

function aPiece(overrides: Partial<OutcomeEvent> = {}): OutcomeEvent {
  const { size: _, branch: __, ...event } = anOutcomeEvent({ commits: [], sessions: NAMES });
  return { ...event, kind: "use_case", useCase: "claims-triage", ...overrides };
}

function sum(parts: readonly { readonly creditMicroUnits: number }[]): number {
  return parts.reduce((total, { creditMicroUnits }) => total + creditMicroUnits, 0);
}

describe("a registered use case", () => {
  test("gives its sessions its weight, in whole millionths, whatever they cost", () => {
    fc.assert(
      fc.property(weight, sessionDays, (units, days) => {
        const sessions = days.map((day) => aSessionDay(day));
        const useCaseWeights = new Map([["claims-triage", units]]);

        const [unit] = unitsOf([aPiece()], { sessions, useCaseWeights });

        expect(unit?.creditMicroUnits).toBe(Math.round(units * 1e6));
        expect(sum(unit?.sessions ?? [])).toBe(unit?.creditMicroUnits);
        expect(unit?.sessions.every((one) => Number.isInteger(one.creditMicroUnits))).toBe(true);
      }),
    );
  });

  test("with changes of the same task comes to its weight or one unit, split without a rest", () => {
    const outcomes = fc.array(
      fc.record({
        isPiece: fc.boolean(),
        lines: fc.integer({ min: 1, max: 600 }),
        hours: fc.nat(100),
        useCase: fc.constantFrom("claims-triage", "status-digest"),
      }),
      { minLength: 1, maxLength: 8 },
    );

    fc.assert(
      fc.property(weight, weight, outcomes, sessionDays, (heavy, light, all, days) => {
        const useCaseWeights = new Map([
          ["claims-triage", heavy],
          ["status-digest", light],
        ]);
        const events = all.map(({ isPiece, lines, hours, useCase }, at) => {
          const common = { id: `o${at}`, task: "WEB-77", timeMs: MERGED_MS + hours * 3_600_000 };
          return isPiece
            ? aPiece({ ...common, useCase })
            : anOutcomeEvent({ ...common, commits: [], sessions: NAMES, size: linesAdded(lines) });
        });
        const weights = all.map(({ isPiece, useCase }) =>
          isPiece ? (useCaseWeights.get(useCase) ?? 0) : 0,
        );

        const options = { sessions: days.map((day) => aSessionDay(day)), useCaseWeights };
        const [unit] = unitsOf(events, options);

        const credit = unit?.creditMicroUnits ?? Number.NaN;
        expect(credit).toBeGreaterThanOrEqual(Math.round(Math.max(...weights) * 1e6));
        expect(credit).toBeLessThanOrEqual(Math.round(Math.max(1, ...weights) * 1e6));
        expect(sum(unit?.counted ?? [])).toBe(credit);
        expect(sum(unit?.sessions ?? [])).toBe(credit);
        expect(scoredCredits(events, options)).toEqual(creditsByDay(unit?.sessions ?? []));
      }),
    );
  });
});

type Earned = Pick<SessionCredit, "day" | "session" | "creditMicroUnits">;

/** What scoring reads of such a history. */
function scoredCredits(
  outcomes: readonly OutcomeEvent[],
  options: Pick<DeliveryInput, "sessions" | "useCaseWeights">,
) {
  const settings = { survivalDays: 7, productionEnvironments: [] };
  const history = deliveryHistory({ outcomes, settings, ...options });
  const credits: Earned[] = [];
  history.eachEarned(MERGED_MS + 10 * DAY_MS, ({ day, session }, creditMicroUnits) => {
    credits.push({ day, session, creditMicroUnits });
  });
  return creditsByDay(credits);
}

/** What each day of each session earned. */
function creditsByDay(parts: readonly Earned[]) {
  const byDay = Map.groupBy(parts, ({ day, session }) => `${day} ${session}`);
  return Object.fromEntries([...byDay].map(([key, own]) => [key, sum(own)]));
}
