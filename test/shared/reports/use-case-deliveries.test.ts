import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { useCaseDeliveries } from "../../../shared/reports/use-case-deliveries.ts";
import { linesAdded, MERGED_MS } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

function aPiece(id: string, overrides: Partial<OutcomeEvent> = {}): OutcomeEvent {
  const { size: _, branch: __, ...event } = anOutcomeEvent({ id, commits: [] });
  return { ...event, kind: "use_case", useCase: "tender-answer", ...overrides };
}

function deliveredOf(outcomes: readonly OutcomeEvent[]) {
  const deliveries = useCaseDeliveries({
    outcomes,
    settings: { survivalDays: 7, productionEnvironments: ["production"] },
    useCaseWeights: new Map([
      ["tender-answer", 3],
      ["claims-triage", 0.25],
    ]),
    month: "2026-10",
    asOfMs: MERGED_MS + 20 * DAY_MS,
  });
  return Object.fromEntries(
    [...deliveries].map(([useCase, { pieces, microUnits, people }]) => [
      useCase,
      [pieces, microUnits, ...people],
    ]),
  );
}

describe("useCaseDeliveries", () => {
  test("counts the pieces of each use case, what they earned, and whose they are", () => {
    const pieces = [
      aPiece("a", { user: "user-1" }),
      aPiece("b", { user: "unattributed" }),
      aPiece("c", { useCase: "claims-triage", user: "user-2" }),
    ];

    expect(deliveredOf(pieces)).toEqual({
      "tender-answer": [2, 6_000_000, "user-1"],
      "claims-triage": [1, 250_000, "user-2"],
    });
  });

  test("a piece that earns nothing is none: repeated, undone, or not registered", () => {
    const undone = aPiece("b", { task: "BID-1" });
    const undoing = { ...undone, id: "r", timeMs: MERGED_MS + 1, reverts: "b" };

    expect(
      deliveredOf([
        aPiece("a"),
        aPiece("a", { timeMs: MERGED_MS + 1 }),
        undone,
        undoing,
        aPiece("c", { useCase: "poem" }),
        anOutcomeEvent({ id: "change" }),
      ]),
    ).toEqual({ "tender-answer": [1, 3_000_000, "user-017-pseudonym-aaa"] });
  });

  test("a task of several pieces comes to its heaviest, beside a change to its part of it", () => {
    const task = "BID-7";
    const change = anOutcomeEvent({ id: "change", task, commits: [], size: linesAdded(400) });

    const user = "user-1";

    expect(deliveredOf([aPiece("a", { task, user }), aPiece("b", { task, user })])).toEqual({
      "tender-answer": [2, 3_000_000, user],
    });
    expect(deliveredOf([change, aPiece("a", { task, user })])).toEqual({
      "tender-answer": [1, 2_250_000, user],
    });
  });
});
