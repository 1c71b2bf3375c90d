import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { UNATTRIBUTED } from "../../../shared/usage/usage-event.ts";
import { creditOf, linesAdded, MERGED_MS } from "../../support/delivery.ts";
import {
  aChange,
  creditsOver,
  gains,
  HOUR_MS,
  othersWork,
  someSessions,
} from "../../support/gaming.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

const CORE = ["core-1", "core-2", "core-3"];
const LINES = 200;

/** How the ledger comes to know of files: the change says so, or a push before or after it. */
const told = fc.constantFrom("by-change" as const, "by-push" as const);

/** A part of a change: at least half of its files are those that all parts share. */
const somePart = fc.record({
  hours: fc.integer({ min: 0, max: 71 }),
  own: fc.subarray(["own-1", "own-2", "own-3"]),
  lines: fc.integer({ min: 0, max: 60 }),
  named: fc.boolean(),
  told,
  pushedAfterMs: fc.integer({ min: -60_000, max: 60_000 }),
});
type Part = typeof somePart extends fc.Arbitrary<infer Value> ? Value : never;

const tenParts = fc.array(somePart, { minLength: 10, maxLength: 10 });

function withFiles(change: OutcomeEvent, files: readonly string[], part: Part): OutcomeEvent[] {
  if (part.told === "by-change") {
    return [{ ...change, files: files.toSorted() }];
  }
  const commit = `abcdef0${change.id.replaceAll(/\D/g, "")}`;
  const { branch: _, size: __, ...push } = change;
  return [
    { ...change, commits: [commit] },
    {
      ...push,
      id: `push-${change.id}`,
      kind: "push",
      user: UNATTRIBUTED,
      timeMs: change.timeMs + part.pushedAfterMs,
      pushed: [{ commit, files }],
    },
  ];
}

/** The parts on branches of their own, which share neither branch nor commit. */
function split(parts: readonly Part[], task: string | undefined): readonly OutcomeEvent[] {
  return parts.flatMap((part, at) => {
    const change = aChange({
      id: `part-${at}`,
      branch: `part-${at}`,
      timeMs: MERGED_MS + part.hours * HOUR_MS,
      size: linesAdded(part.lines),
      ...(part.named && task !== undefined ? { task } : {}),
    });
    return withFiles(change, [...CORE, ...part.own], part);
  });
}

/** The same work in one change, merged when the first part was. */
function whole(parts: readonly Part[], task: string | undefined): readonly OutcomeEvent[] {
  const hours = Math.min(...parts.map((part) => part.hours));
  return [
    aChange({
      id: "whole",
      timeMs: MERGED_MS + hours * HOUR_MS,
      size: linesAdded(parts.reduce((sum, { lines }) => sum + lines, 0)),
      ...(task === undefined ? {} : { task }),
    }),
  ];
}

const issue = fc.constantFrom(undefined, "WEB-77");
const shuffled = (all: readonly OutcomeEvent[]) =>
  fc.shuffledSubarray([...all], { minLength: all.length });

describe("splitting one change into ten on branches that share neither issue nor commit", () => {
  test("earns no more if they share half of their files, in any order and however files are told", () => {
    const history = fc
      .tuple(tenParts, issue, othersWork)
      .chain(([parts, task, others]) =>
        fc.tuple(
          shuffled([...others, ...split(parts, task)]),
          fc.constant([...others, ...whole(parts, task)]),
        ),
      );

    fc.assert(
      fc.property(history, someSessions, ([gamed, honest], sessions) => {
        const fair = creditsOver(honest, sessions);

        expect(gains(creditsOver(gamed, sessions), fair)).toEqual([]);
      }),
    );
  });

  test("earns no more if each branch begins with a change of something else", () => {
    const hoursBefore = fc.array(fc.integer({ min: 0, max: 200 }), {
      minLength: 10,
      maxLength: 10,
    });

    fc.assert(
      fc.property(tenParts, hoursBefore, someSessions, (parts, hours, sessions) => {
        const decoys = hours.map((before, at) =>
          aChange({
            id: `decoy-${at}`,
            branch: `part-${at}`,
            timeMs: MERGED_MS - before * HOUR_MS,
            size: linesAdded(1),
            files: [`decoy-${at}`],
          }),
        );
        const fair = creditsOver([...decoys, ...whole(parts, undefined)], sessions);

        const gamed = creditsOver([...decoys, ...split(parts, undefined)], sessions);

        expect(gains(gamed, fair)).toEqual([]);
      }),
    );
  });

  test("earns no more if each step only shares files with the one before it", () => {
    const steps = Array.from({ length: 10 }, (_, at) =>
      aChange({
        id: `step-${at}`,
        branch: `step-${at}`,
        timeMs: MERGED_MS + at * HOUR_MS,
        size: linesAdded(LINES / 10),
        files: [`file-${at}`, `file-${at + 1}`],
      }),
    );

    expect(creditOf(steps)).toBe(1);
  });
});

test("splitting a change of an issue, each part on top of a small one that names none, earns no more", () => {
  const small = Array.from({ length: 10 }, (_, at) =>
    aChange({
      id: `small-${at}`,
      branch: `small-${at}`,
      commits: [`abcdef0${at}`],
      timeMs: MERGED_MS - HOUR_MS,
      size: linesAdded(1),
    }),
  );
  const onTop = small.map(({ commits }, at) =>
    aChange({
      id: `part-${at}`,
      branch: `part-${at}`,
      task: "WEB-77",
      commits,
      size: linesAdded(LINES / 10),
    }),
  );

  const honest = aChange({ branch: "feat/x", task: "WEB-77", size: linesAdded(LINES) });

  expect(creditOf([...small, ...onTop])).toBeLessThanOrEqual(creditOf([...small, honest]));
});

describe("honest work on the same files", () => {
  const full = (id: string, overrides: Partial<OutcomeEvent> = {}) =>
    anOutcomeEvent({
      id,
      branch: id,
      commits: [],
      files: ["file-1", "file-2"],
      size: linesAdded(LINES),
      ...overrides,
    });

  test("stays apart where changes name different issues", () => {
    const changes = [full("a", { task: "WEB-1" }), full("b", { task: "WEB-2" })];

    expect(creditOf(changes)).toBe(2);
  });

  test("stays apart from an issue once it has joined another one", () => {
    const between = full("between", { timeMs: MERGED_MS + HOUR_MS });
    const changes = [
      full("a", { task: "WEB-1" }),
      between,
      full("b", { task: "WEB-2", timeMs: MERGED_MS + 2 * HOUR_MS }),
    ];

    expect(creditOf(changes)).toBe(2);
  });

  test("stays apart from an issue that a change of no issue was joined by", () => {
    const changes = [
      full("a"),
      full("b", { task: "WEB-1", timeMs: MERGED_MS + HOUR_MS }),
      full("c", { task: "WEB-2", timeMs: MERGED_MS + 2 * HOUR_MS }),
    ];

    expect(creditOf(changes)).toBe(2);
  });

  test.each([
    ["of two people", { user: "user-018" }],
    ["in two repositories", { repository: "acme/api" }],
    ["that is three days later", { timeMs: MERGED_MS + 3 * DAY_MS }],
    ["of which only one of three files is the same", { files: ["file-1", "file-3", "file-4"] }],
    ["whose files are not known", { files: [] }],
  ])("stays apart: changes %s", (_, difference) => {
    const three = ["file-0", "file-1", "file-2"];

    expect(creditOf([full("a", { files: three }), full("b", difference)])).toBe(2);
  });

  test("stays apart if nobody is known to have done it", () => {
    const user = UNATTRIBUTED;

    expect(creditOf([full("a", { user }), full("b", { user })])).toBe(2);
  });

  test("day after day is a task for each three days, however long it goes on", () => {
    const daily = Array.from({ length: 9 }, (_, at) =>
      full(`day-${at}`, { timeMs: MERGED_MS + at * DAY_MS }),
    );

    expect(creditOf(daily)).toBe(3);
  });
});

test("a branch that is used for weeks is not one task because its files are the same every day", () => {
  const daily = Array.from({ length: 27 }, (_, at) =>
    aChange({
      id: `day-${at}`,
      branch: "user-017-dev",
      timeMs: MERGED_MS + at * DAY_MS,
      files: ["file-1"],
    }),
  );

  // Seven days of the branch, and two more that follow the last of them.
  expect(creditOf(daily, { asOfMs: MERGED_MS + 40 * DAY_MS })).toBe(3);
});

describe("a change of an issue that is older than three days", () => {
  const old = aChange({ id: "old", task: "WEB-1", branch: "old", timeMs: MERGED_MS - 30 * DAY_MS });
  const files = ["file-1"];

  test("takes in what its author does to its files in these days", () => {
    const named = aChange({ id: "named", task: "WEB-1", branch: "named", files });
    const next = aChange({ id: "next", branch: "next", timeMs: MERGED_MS + HOUR_MS, files });

    expect(creditOf([old, named, next])).toBe(1);
  });

  test("does not go on to take in what only follows such a change", () => {
    const named = aChange({ id: "named", task: "WEB-1", branch: "named", files });
    const daily = Array.from({ length: 6 }, (_, at) =>
      aChange({
        id: `day-${at}`,
        branch: `day-${at}`,
        timeMs: MERGED_MS + (at + 1) * DAY_MS,
        files,
      }),
    );

    // The first two days are of the issue; the third begins a task of its own, and so does the sixth.
    expect(creditOf([old, named, ...daily])).toBe(3);
  });
});
