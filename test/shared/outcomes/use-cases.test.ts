import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { creditOf, linesAdded, MERGED_MS, reasonsOf, unitsOf } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";

const useCaseWeights = new Map([
  ["claims-triage", 3],
  ["status-digest", 0.25],
]);

/** One delivered piece of a use case, of no task and no branch. */
function aPiece(useCase: string, overrides: Partial<OutcomeEvent> = {}): OutcomeEvent {
  const { size: _, branch: __, ...event } = anOutcomeEvent({ id: useCase, commits: [] });
  return { ...event, kind: "use_case", useCase, ...overrides };
}

describe("a delivered use case", () => {
  test.each([
    { what: "of a heavy one", outcomes: [aPiece("claims-triage")], units: 3 },
    { what: "of a light one", outcomes: [aPiece("status-digest")], units: 0.25 },
    {
      what: "two pieces",
      outcomes: [aPiece("claims-triage"), aPiece("claims-triage", { id: "second" })],
      units: 6,
    },
    {
      what: "reported twice",
      outcomes: [aPiece("claims-triage"), aPiece("claims-triage", { timeMs: MERGED_MS + 1 })],
      units: 3,
    },
  ])("earns its weight: $what, $units", ({ outcomes, units }) => {
    expect(creditOf(outcomes, { useCaseWeights })).toBe(units);
  });

  test("that is not registered earns nothing, and is listed with the reason", () => {
    const { useCase: _, ...unnamed } = aPiece("unnamed");
    const outcomes = [aPiece("poem-writing"), unnamed];

    expect(creditOf(outcomes, { useCaseWeights })).toBe(0);
    expect(reasonsOf(outcomes, { useCaseWeights })).toEqual({
      "poem-writing": "use-case-not-registered",
      unnamed: "use-case-not-registered",
    });
  });

  test("earns one unit while none at all is registered", () => {
    expect(creditOf([aPiece("poem-writing")])).toBe(1);
    expect(creditOf([aPiece("poem-writing")], { useCaseWeights: new Map() })).toBe(1);
  });

  test("earns nothing, whatever its weight, where the team counts something else", () => {
    const outcomes = [aPiece("claims-triage"), aPiece("poem-writing")];
    const unitOf = () => "resolved-issue" as const;

    expect(reasonsOf(outcomes, { useCaseWeights, unitOf })).toEqual({
      "claims-triage": "other-unit",
      "poem-writing": "other-unit",
    });
  });

  test("loses its weight when it is taken back", () => {
    const takenBack = aPiece("claims-triage", {
      id: "back",
      reverts: "claims-triage",
      timeMs: MERGED_MS + DAY_MS,
    });

    expect(creditOf([aPiece("claims-triage"), takenBack], { useCaseWeights })).toBe(0);
  });
});

describe("a task with a registered use case", () => {
  const task = "WEB-77";
  const change = (lines: number) =>
    anOutcomeEvent({ id: "change", task, commits: [], size: linesAdded(lines) });

  test.each([
    {
      what: "its weight, if that is more than a unit",
      useCase: "claims-triage",
      lines: 4000,
      units: 3,
    },
    { what: "what both bring, below a unit", useCase: "status-digest", lines: 5, units: 0.5 },
    { what: "one unit, if its weight is less", useCase: "status-digest", lines: 4000, units: 1 },
  ])("comes to $what", ({ useCase, lines, units }) => {
    const outcomes = [change(lines), aPiece(useCase, { task, timeMs: MERGED_MS + 1 })];

    const [unit] = unitsOf(outcomes, { useCaseWeights });

    expect(unit?.creditMicroUnits).toBe(units * 1e6);
    const parts = unit?.counted.map(({ creditMicroUnits }) => creditMicroUnits) ?? [];
    expect(parts.reduce((a, b) => a + b, 0)).toBe(units * 1e6);
  });

  test("comes to the heaviest, however many there are", () => {
    const outcomes = ["one", "two", "three"].map((id) => aPiece("claims-triage", { id, task }));

    expect(creditOf(outcomes, { useCaseWeights })).toBe(3);
  });

  test("comes to one unit again once the use case is taken back", () => {
    const piece = aPiece("claims-triage", { task });
    const back = aPiece("claims-triage", {
      id: "back",
      reverts: piece.id,
      timeMs: MERGED_MS + DAY_MS,
    });

    expect(creditOf([change(4000), piece, back], { useCaseWeights })).toBe(1);
  });

  test.each([1, 20, 4000])(
    "gives a colleague's change of %d lines no more than the change is worth",
    (lines) => {
      const piece = aPiece("claims-triage", { task, user: "user-017", sessions: ["triage"] });
      const outcomes = [piece, { ...change(lines), user: "user-018", sessions: ["change"] }];
      const sessions = [
        aSessionDay({ user: "user-017", session: "triage", branches: [] }),
        aSessionDay({ user: "user-018", session: "change", branches: [] }),
      ];

      const [unit] = unitsOf(outcomes, { useCaseWeights, sessions });

      const credits = new Map(
        unit?.sessions.map(({ session, creditMicroUnits }) => [session, creditMicroUnits]),
      );
      const share = Math.min(1, lines / 20);
      expect(credits.get("change")).toBe(Math.round((3e6 * share) / (3 + share)));
      expect((credits.get("change") ?? 0) + (credits.get("triage") ?? 0)).toBe(3e6);
    },
  );
});
