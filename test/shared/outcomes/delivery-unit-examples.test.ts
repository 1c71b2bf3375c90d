import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import {
  aDeployment,
  anIncident,
  creditOf,
  linesAdded,
  MERGED_MS,
  unitsOf,
} from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";

const merged = (overrides: Partial<OutcomeEvent> = {}) =>
  anOutcomeEvent({ task: "WEB-77", commits: [], size: linesAdded(120), ...overrides });
const change = merged();
/** A change on a branch of its own that names no issue unless told. */
const unnamed = (id: string, files: readonly string[], overrides: Partial<OutcomeEvent> = {}) =>
  anOutcomeEvent({ id, branch: id, commits: [], size: linesAdded(30), files, ...overrides });
const revert = merged({ id: "revert", reverts: change.id, timeMs: MERGED_MS + DAY_MS });
const again = merged({ id: "again", branch: "feat/x-2", timeMs: MERGED_MS + 2 * DAY_MS });
const lockFile = linesAdded(900, 900);
const { size: _, branch: __, ...unsized } = merged({ id: "tender-1" });
const { task: ___, ...untasked } = unsized;
const piece: OutcomeEvent = { ...untasked, kind: "use_case", useCase: "tender-answer" };
const useCaseWeights = new Map([
  ["tender-answer", 3],
  ["claims-triage", 0.25],
]);
const image = { artifact: "sha256:aa", commits: ["feedbeef01"] };

describe("the examples of docs/delivery-units.md", () => {
  test.each([
    { what: "120 lines merged for WEB-77", outcomes: [change], units: 1 },
    {
      what: "the same 120 lines in ten pull requests for WEB-77",
      outcomes: Array.from({ length: 10 }, (_, at) =>
        merged({ id: `part-${at}`, branch: `part-${at}`, size: linesAdded(12) }),
      ),
      units: 1,
    },
    {
      what: "the same 120 lines in ten pull requests without an issue, on the same files",
      outcomes: Array.from({ length: 10 }, (_, at) => {
        const timeMs = MERGED_MS + at * 7 * 3_600_000;
        return unnamed(`part-${at}`, ["cart.ts"], { timeMs, size: linesAdded(12) });
      }),
      units: 1,
    },
    {
      what: "5 lines, where 20 make a unit",
      outcomes: [merged({ size: linesAdded(5) })],
      units: 0.25,
    },
    { what: "4,000 lines for one task", outcomes: [merged({ size: linesAdded(4000) })], units: 1 },
    { what: "merged, and reverted a day later", outcomes: [change, revert], units: 0 },
    { what: "merged, reverted, and merged again", outcomes: [change, revert, again], units: 1 },
    {
      what: "merged, deployed, and named by an incident three days later",
      outcomes: [change, aDeployment({ change: change.id, ...image }), anIncident(image)],
      units: 0,
    },
    {
      what: "the same, with an incident that names nothing",
      outcomes: [change, aDeployment({ change: change.id, ...image }), anIncident()],
      units: 1,
    },
    { what: "a lock file updated", outcomes: [merged({ size: lockFile })], units: 0 },
    {
      what: "a deployment of a change that was credited when merged",
      outcomes: [change, aDeployment({ change: change.id })],
      units: 1,
    },
    {
      what: "the same image deployed again",
      outcomes: [aDeployment(image), aDeployment({ ...image, id: "deploy-2" })],
      units: 0.5,
    },
    { what: "a use case of weight 3", outcomes: [piece], units: 3 },
    {
      what: "a use case that is not registered",
      outcomes: [{ ...piece, useCase: "poem-writing" }],
      units: 0,
    },
  ])("$what: $units", ({ outcomes, units }) => {
    expect(creditOf(outcomes, { useCaseWeights })).toBe(units);
  });

  test("a tender of 3 units and two claims are their sessions' by cost, beside a change of the task", () => {
    const sessions = [
      aSessionDay({ session: "long", costNanoUsd: 9_000_000_000n, branches: [] }),
      aSessionDay({ session: "short", costNanoUsd: 3_000_000_000n, branches: [] }),
      aSessionDay({ session: "claims", branches: [] }),
      aSessionDay({ session: "change", branches: [] }),
    ];
    const tender = { ...piece, task: "BID-7", sessions: ["long", "short"] };
    const claim = { ...piece, useCase: "claims-triage", sessions: ["claims"] };
    const pieces = [tender, { ...claim, id: "claim-1" }, { ...claim, id: "claim-2" }];
    const lines = merged({ task: "BID-7", size: linesAdded(400), sessions: ["change"] });
    const creditsOf = (outcomes: readonly OutcomeEvent[]) =>
      unitsOf(outcomes, { sessions, useCaseWeights })
        .flatMap((unit) => unit.sessions)
        .map(({ session, creditMicroUnits }) => [session, creditMicroUnits]);

    expect(creditsOf(pieces)).toEqual([
      ["claims", 250_000],
      ["claims", 250_000],
      ["long", 2_250_000],
      ["short", 750_000],
    ]);
    expect(creditsOf([lines, tender])).toEqual([
      ["change", 750_000],
      ["long", 1_687_500],
      ["short", 562_500],
    ]);
  });

  test("1 line of one person and 19 of a colleague are split by line, whatever the sessions cost", () => {
    const trivial = merged({ user: "user-017", branch: "a", size: linesAdded(1) });
    const real = merged({ id: "real", user: "user-018", branch: "b", size: linesAdded(19) });
    const sessions = [
      aSessionDay({ user: "user-017", branches: ["a"], costNanoUsd: 500_000_000_000n }),
      aSessionDay({ user: "user-018", branches: ["b"], costNanoUsd: 1_000_000_000n }),
    ];

    const [unit] = unitsOf([trivial, real], { sessions });

    expect(unit?.sessions.map(({ user, creditMicroUnits }) => [user, creditMicroUnits])).toEqual([
      ["user-017", 50_000],
      ["user-018", 950_000],
    ]);
  });
});

describe("the example of changes to the same files", () => {
  const days = (tasks: Readonly<Record<string, string>> = {}) =>
    [
      unnamed("monday", ["cart.test.ts", "cart.ts"]),
      unnamed("tuesday", ["cart.ts", "totals.ts"], { timeMs: MERGED_MS + DAY_MS }),
      unnamed("wednesday", ["menu.ts", "routes.ts", "totals.ts"], {
        timeMs: MERGED_MS + 2 * DAY_MS,
      }),
      unnamed("evening", ["help.ts", "routes.ts", "search.ts"], {
        timeMs: MERGED_MS + 2.3 * DAY_MS,
      }),
    ].map((outcome) => {
      const task = tasks[outcome.id];
      return task === undefined ? outcome : { ...outcome, task };
    });
  const idsOf = (outcomes: readonly OutcomeEvent[]) =>
    unitsOf(outcomes).map(({ counted, notCounted }) =>
      [...counted, ...notCounted].map(({ id }) => id),
    );

  test("the three that share half of their files are one task, and the fourth is another", () => {
    expect(idsOf(days())).toEqual([["monday", "tuesday", "wednesday"], ["evening"]]);
    expect(creditOf(days())).toBe(2);
  });

  test("two that name different issues are two tasks, and the third belongs to one of them", () => {
    const named = days({ monday: "WEB-7", tuesday: "WEB-8" });

    expect(idsOf(named)).toEqual([["monday"], ["tuesday", "wednesday"], ["evening"]]);
    expect(creditOf(named)).toBe(3);
  });
});
