import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import {
  aDeployment,
  creditOf,
  linesAdded,
  MERGED_MS,
  reasonsOf,
  unitsOf,
} from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

describe("credit of a change", () => {
  test.each([
    { name: "a full unit's lines earn a unit", size: linesAdded(20), credit: 1 },
    { name: "more lines earn no more", size: linesAdded(5000), credit: 1 },
    { name: "fewer lines earn their part", size: linesAdded(5), credit: 0.25 },
    { name: "generated and lock lines do not count", size: linesAdded(500, 495), credit: 0.25 },
    { name: "a change of nothing earns nothing", size: linesAdded(0), credit: 0 },
    { name: "a change of lock files only earns nothing", size: linesAdded(800, 800), credit: 0 },
  ])("$name", ({ size, credit }) => {
    expect(creditOf([anOutcomeEvent({ size })])).toBe(credit);
  });

  test("a change of unknown size is not held against anyone", () => {
    const { size: _, ...unsized } = anOutcomeEvent();

    expect(creditOf([unsized])).toBe(1);
  });

  test("the bar is the lower quartile of the history's tasks, once there are twenty", () => {
    // Tasks of 40, 80, … 800 lines: quantile 0.25 of type 7 is 230 lines.
    const history = Array.from({ length: 20 }, (_, at) =>
      anOutcomeEvent({ id: `change-${at}`, task: `WEB-${at}`, size: linesAdded(40 * (at + 1)) }),
    );

    const [smallest] = unitsOf(history);

    expect(smallest?.creditMicroUnits).toBe(Math.round((40 / 230) * 1e6));
  });

  test("a flood of one-line changes does not make one line a unit", () => {
    const flood = Array.from({ length: 40 }, (_, at) =>
      anOutcomeEvent({ id: `change-${at}`, task: `WEB-${at}`, size: linesAdded(1) }),
    );

    expect(creditOf(flood)).toBeCloseTo(4, 9);
  });
});

describe("what is one task", () => {
  const split = (common: (at: number) => Partial<OutcomeEvent>) =>
    Array.from({ length: 10 }, (_, at) =>
      anOutcomeEvent({ id: `part-${at}`, commits: [], size: linesAdded(20), ...common(at) }),
    );

  test("an issue key makes one task of changes in any repository", () => {
    const parts = split((at) => ({ task: "WEB-77", branch: `b-${at}`, repository: `acme/${at}` }));

    expect(creditOf(parts)).toBe(1);
  });

  test("a bare issue number is another task in another repository", () => {
    const parts = split((at) => ({ task: "#77", repository: `acme/${at % 2}` }));

    expect(creditOf(parts)).toBe(2);
  });

  test("without an issue key, a branch is a task", () => {
    expect(creditOf(split(() => ({ branch: "feat/x" })))).toBe(1);
    expect(creditOf(split((at) => ({ branch: `feat/${at}` })))).toBe(10);
  });

  test("a branch name that is used for weeks is a new task each week", () => {
    const parts = split((at) => ({ branch: "dev", timeMs: MERGED_MS + at * 3 * DAY_MS }));

    // Days 0 3 6, 9 12 15, 18 21 24 and 27.
    expect(creditOf(parts, { asOfMs: MERGED_MS + 60 * DAY_MS })).toBe(4);
  });

  test("on a default branch, one author's changes within three days are a task", () => {
    const parts = split((at) => ({ branch: "main", timeMs: MERGED_MS + at * DAY_MS }));

    // Days 0 1 2, 3 4 5, 6 7 8 and 9.
    expect(creditOf(parts, { asOfMs: MERGED_MS + 60 * DAY_MS })).toBe(4);
  });

  test("two authors on a default branch have a task each", () => {
    const parts = split((at) => ({ branch: "main", user: `user-${at % 2}` }));

    expect(creditOf(parts)).toBe(2);
  });

  test("the pseudonyms of one person are one author", () => {
    const parts = split((at) => ({ branch: "main", user: `user-${at % 2}` }));

    expect(creditOf(parts, { personOf: () => "user-017" })).toBe(1);
  });

  test("a resolved issue and its changes are one task", () => {
    const { size: _, branch: __, ...issue } = anOutcomeEvent({ id: "WEB-77", commits: [] });

    expect(
      creditOf([
        { ...issue, kind: "issue_resolved" },
        anOutcomeEvent({ id: "change", task: "WEB-77" }),
      ]),
    ).toBe(1);
  });

  test("changes past the full unit are listed with the reason", () => {
    const [unit] = unitsOf([
      anOutcomeEvent({ id: "a", timeMs: MERGED_MS, size: linesAdded(15) }),
      anOutcomeEvent({ id: "b", timeMs: MERGED_MS + 1, size: linesAdded(15) }),
      anOutcomeEvent({ id: "c", timeMs: MERGED_MS + 2, size: linesAdded(15) }),
    ]);

    expect(unit).toMatchObject({
      task: "acme/web feat/x",
      counted: [
        { id: "a", creditMicroUnits: 750_000 },
        { id: "b", creditMicroUnits: 250_000 },
      ],
      notCounted: [{ id: "c", reason: "task-full" }],
    });
  });
});

describe("state", () => {
  test("credit is provisional until everything that counts has survived", () => {
    const states = [6, 7].map(
      (days) => unitsOf([anOutcomeEvent()], { asOfMs: MERGED_MS + days * DAY_MS })[0]?.state,
    );

    expect(states).toEqual(["provisional", "survived"]);
  });

  test("an outcome after the moment asked for is not known", () => {
    expect(unitsOf([anOutcomeEvent()], { asOfMs: MERGED_MS - 1 })).toEqual([]);
  });

  test("a task in which nothing could count says so", () => {
    expect(unitsOf([aDeployment({ status: "failed" })])).toMatchObject([
      { state: "nothing-counted", creditMicroUnits: 0 },
    ]);
  });
});

describe("what a team counts", () => {
  const change = anOutcomeEvent();

  test("where deployments count, a change earns when it reaches production", () => {
    const unitOf = () => "deployment" as const;
    const shipped = aDeployment({ timeMs: MERGED_MS + 2 * DAY_MS });

    expect(reasonsOf([change], { unitOf })).toEqual({ [change.id]: "not-deployed-yet" });
    expect(creditOf([change, shipped], { unitOf, asOfMs: MERGED_MS + DAY_MS })).toBe(0);
    expect(creditOf([change, { ...shipped, change: change.id }], { unitOf })).toBe(1);
  });

  test("a deployment ships what was merged before it, though it names one commit", () => {
    const unitOf = () => "deployment" as const;
    const other = anOutcomeEvent({ id: "other", branch: "feat/y", commits: ["eeeeeee1"] });
    const shipped = aDeployment({ change: change.id, timeMs: MERGED_MS + DAY_MS });

    expect(creditOf([change, other, shipped], { unitOf })).toBe(2);
  });

  test("where resolved issues count, changes do not", () => {
    const unitOf = () => "resolved-issue" as const;

    expect(reasonsOf([change], { unitOf })).toEqual({ [change.id]: "other-unit" });
  });
});
