import { describe, expect, test } from "vitest";
import { type Alert, alertId, followUpId } from "../../../shared/alerts/alert.ts";
import type { AlertCase } from "../../../shared/alerts/alert-case.ts";
import { startOfDay } from "../../../shared/ledger/calendar.ts";
import { deliveryHistory } from "../../../shared/outcomes/delivery-history.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { reviewWeeks } from "../../../shared/scoring/review-weeks.ts";
import { scoreUserWindows } from "../../../shared/scoring/score-user-windows.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { scoringInput } from "../../support/scored-organisation.ts";
import { syntheticOrganisation } from "../../support/synthetic-organisation.ts";

const USER = "user-00003";
/** The day after the week. */
const END = "2026-11-16";
const HOUR_MS = 3_600_000;
const SIX_HOURS = 6 * HOUR_MS;

/** One person does five times the usual sessions in the last week, and nothing of it is known to be delivered. */
const organisation = syntheticOrganisation({
  seed: 1,
  peculiarityOf: (user, back) => (user === USER && back === 0 ? { sessions: 5, delivery: 0 } : {}),
});
const mySessions = organisation.sessionDays.filter(
  ({ user, lastMs }) => user === USER && lastMs >= startOfDay("2026-11-09"),
);

/** Each of the sessions ends in a change, merged at a moment. */
function merged(time: string, share = 1): readonly OutcomeEvent[] {
  return mySessions.slice(0, Math.round(share * mySessions.length)).map(({ session }) =>
    anOutcomeEvent({
      id: `change-of-${session}`,
      user: USER,
      timeMs: Date.parse(time),
      branch: session,
      commits: [],
      size: { additions: 120, deletions: 0, files: 2, ignoredLines: 0 },
    }),
  );
}

function reverted(changes: readonly OutcomeEvent[], time: string): readonly OutcomeEvent[] {
  return changes.map(({ id, branch }) =>
    anOutcomeEvent({
      id: `revert-of-${id}`,
      reverts: id,
      user: USER,
      timeMs: Date.parse(time),
      branch: `revert-${branch}`,
      commits: [],
    }),
  );
}

function inputWith(outcomes: readonly OutcomeEvent[]) {
  const delivery = deliveryHistory({
    outcomes: [...organisation.outcomes, ...outcomes].sort((a, b) => a.timeMs - b.timeMs),
    sessions: organisation.sessionDays,
    settings: { survivalDays: 7, productionEnvironments: ["production"] },
  });
  return scoringInput(organisation, { delivery });
}

/** What the first look six hours after the week told of the person; none if it was nothing. */
function firstLook(outcomes: readonly OutcomeEvent[]): readonly AlertCase[] {
  const { alerts } = scoreUserWindows(inputWith(outcomes));
  return alerts
    .filter(({ unit }) => unit.user === USER)
    .map((found) => ({
      alert: { ...found, id: alertId(found.unit), type: "TOKENMAXXING", survivalDays: 7 },
      followUps: [],
    }));
}

function review(
  outcomes: readonly OutcomeEvent[],
  cases: readonly AlertCase[],
  night = "2026-11-19",
) {
  return reviewWeeks({ ...inputWith(outcomes), asOfMs: startOfDay(night) + SIX_HOURS, cases });
}

function withFollowUp(known: AlertCase, [found]: ReturnType<typeof review>): AlertCase {
  const told = found ?? expect.unreachable("there is a follow-up");
  const { age, verdict } = told.review;
  const followUp: Alert = {
    ...told,
    id: followUpId(known.alert.id, age, verdict),
    type: "TOKENMAXXING",
    survivalDays: 7,
  };
  return { ...known, followUps: [...known.followUps, followUp] };
}

const LATE = "2026-11-18T10:00:00Z";

describe("a week that was alerted six hours after its end", () => {
  const cases = firstLook([]);

  test("is alerted at first: nothing that it cost is known to be delivered", () => {
    expect(cases).toHaveLength(1);
  });

  test("is resolved at 72 hours by work that was merged by then, with the tasks and their days", () => {
    const late = merged(LATE);

    const [found, ...others] = review(late, cases);

    expect(others).toEqual([]);
    expect(found).toMatchObject({
      unit: { user: USER, from: "2026-11-09", to: END },
      asOfMs: startOfDay("2026-11-19"),
      review: { age: "72h", verdict: "resolved", of: { id: cases[0]?.alert.id } },
    });
    expect(found?.review.before.credit).toBe(0);
    expect(found?.evidence.delivery.credit).toBeGreaterThan(10);
    expect(found?.evidence.calibrationUnits).toBeGreaterThan(200);
    expect(found?.review.changes).toHaveLength(mySessions.length);
    expect(found?.review.changes[0]).toMatchObject({ kind: "delivered", day: "2026-11-18" });
  });

  test("says nothing while nothing changed, nor on any other night", () => {
    const late = merged(LATE);

    expect(review([], cases)).toEqual([]);
    for (const night of ["2026-11-18", "2026-11-20", "2026-11-29", "2026-12-01"]) {
      expect(review(late, cases, night)).toEqual([]);
    }
  });

  test("says nothing if what was merged is far from enough", () => {
    expect(review(merged(LATE, 0.1), cases)).toEqual([]);
  });

  test("counts nothing that came after the age at which it is looked at", () => {
    expect(review(merged("2026-11-19T02:00:00Z"), cases)).toEqual([]);
    expect(review(merged("2026-11-19T02:00:00Z"), cases, "2026-11-30")).toMatchObject([
      { review: { age: "14d", verdict: "resolved" } },
    ]);
  });

  test("is told once at an age, and left alone once its owner answered", () => {
    const late = merged(LATE);
    const [known = expect.unreachable("it was alerted")] = cases;
    const told = withFollowUp(known, review(late, cases));
    const answers = { last: { answer: "planned", by: "owner", atMs: 1 }, earlier: [] } as const;

    expect(review(late, [told])).toEqual([]);
    expect(review(late, [{ ...known, answers }])).toEqual([]);
  });

  test("is not resolved twice: what was resolved at 72 hours is silent at 14 days", () => {
    const late = merged(LATE);
    const [known = expect.unreachable("it was alerted")] = cases;

    expect(review(late, [withFollowUp(known, review(late, cases))], "2026-11-30")).toEqual([]);
  });

  test("is raised at 14 days if the work that resolved it was undone", () => {
    const late = merged(LATE);
    const [known = expect.unreachable("it was alerted")] = cases;
    const told = withFollowUp(known, review(late, cases));

    const again = review(
      [...late, ...reverted(late, "2026-11-25T10:00:00Z")],
      [told],
      "2026-11-30",
    );

    expect(again).toMatchObject([
      { review: { age: "14d", verdict: "raised", of: { id: known.alert.id } } },
    ]);
    expect(again[0]?.review.changes.every(({ kind }) => kind === "undone")).toBe(true);
    expect(again[0]?.evidence.bridge).toBeDefined();
  });
});

test("an open alert is raised when the little that was delivered is undone", () => {
  const early = merged("2026-11-14T10:00:00Z", 0.05);
  const cases = firstLook(early);
  expect(cases).toHaveLength(1);

  const found = review([...early, ...reverted(early, LATE)], cases);

  expect(found).toMatchObject([{ review: { verdict: "raised" } }]);
  expect(found[0]?.evidence.excessNanoUsd).toBeGreaterThan(
    found[0]?.review.before.excessNanoUsd ?? 0n,
  );
});

describe("a week that nobody was told of", () => {
  const early = merged("2026-11-14T10:00:00Z");
  const undone = [...early, ...reverted(early, LATE)];

  test("is opened at the age at which its work turns out to be undone", () => {
    expect(firstLook(early)).toEqual([]);

    const [found, ...others] = review(undone, []);

    expect(others).toEqual([]);
    expect(found).toMatchObject({
      unit: { user: USER, to: END },
      review: { age: "72h", verdict: "opened" },
    });
    expect(found?.review.of).toBeUndefined();
    expect(found?.review.before.credit).toBeGreaterThan(10);
    expect(found?.evidence.delivery.credit).toBe(0);
  });

  test("is opened also if somebody else merged the work of its sessions, and undid it", () => {
    const byAnother = early.map((change) => ({
      ...change,
      user: "user-99999",
      sessions: [change.branch ?? ""],
    }));

    const found = review([...byAnother, ...reverted(byAnother, LATE)], []);

    expect(found).toMatchObject([{ unit: { user: USER }, review: { verdict: "opened" } }]);
  });

  test("stays untold while its work stands", () => {
    expect(review(early, [])).toEqual([]);
  });

  test("is not opened twice: at 14 days it is an alert like any other", () => {
    const [found = expect.unreachable("it was opened")] = review(undone, []);
    const known: AlertCase = {
      alert: { ...found, id: alertId(found.unit), type: "TOKENMAXXING", survivalDays: 7 },
      followUps: [],
    };

    expect(review(undone, [known])).toEqual([]);
    expect(review(undone, [known], "2026-11-30")).toEqual([]);
  });
});
