import fc from "fast-check";
import { expect, test } from "vitest";
import { type Alert, alertId, followUpId } from "../../../shared/alerts/alert.ts";
import { type AlertCase, lastTold } from "../../../shared/alerts/alert-case.ts";
import { startOfDay } from "../../../shared/ledger/calendar.ts";
import { deliveryHistory } from "../../../shared/outcomes/delivery-history.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { type ReviewedWeek, reviewWeeks } from "../../../shared/scoring/review-weeks.ts";
import { scoreUserWindows } from "../../../shared/scoring/score-user-windows.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { scoringInput } from "../../support/scored-organisation.ts";
import { syntheticOrganisation } from "../../support/synthetic-organisation.ts";

const USER = "user-00003";
const HOUR_MS = 3_600_000;
const WEEK_END_MS = startOfDay("2026-11-16");
/** The nights of both looks, some of them again, as a failed run is started once more. */
const NIGHTS = ["2026-11-19", "2026-11-19", "2026-11-30", "2026-11-30"];

const organisation = syntheticOrganisation({
  seed: 1,
  peculiarityOf: (user, back) => (user === USER && back === 0 ? { sessions: 4, delivery: 0 } : {}),
});
const sessions = organisation.sessionDays.filter(
  ({ user, lastMs }) => user === USER && lastMs >= startOfDay("2026-11-09"),
);

/** What becomes of the work: a part is merged before the first look, the rest later; both may be undone. */
const fate = fc.record({
  earlyShare: fc.constantFrom(0, 0.05, 0.5, 1),
  lateHours: fc.option(fc.integer({ min: 7, max: 300 })),
  earlyUndoneHours: fc.option(fc.integer({ min: -20, max: 330 })),
  lateUndoneHours: fc.option(fc.integer({ min: 10, max: 330 })),
});
type Fate = typeof fate extends fc.Arbitrary<infer Value> ? Value : never;

function outcomesOf(each: Fate): readonly OutcomeEvent[] {
  const early = Math.round(each.earlyShare * sessions.length);
  return sessions.flatMap(({ session }, at) =>
    at < early
      ? change(session, -24, each.earlyUndoneHours)
      : change(session, each.lateHours, each.lateUndoneHours),
  );
}

/** A change that is merged some hours after the week, and undone some hours after it. */
function change(
  session: string,
  mergedHours: number | null,
  undoneHours: number | null,
): readonly OutcomeEvent[] {
  if (mergedHours === null) {
    return [];
  }
  const event = (kind: string, hours: number, more: Partial<OutcomeEvent> = {}) =>
    anOutcomeEvent({
      id: `${kind}-${session}`,
      user: USER,
      commits: [],
      branch: kind === "change" ? session : `${kind}-${session}`,
      timeMs: WEEK_END_MS + hours * HOUR_MS,
      ...more,
    });
  const merged = event("change", mergedHours);
  return undoneHours === null
    ? [merged]
    : [merged, event("revert", Math.max(undoneHours, mergedHours + 1), { reverts: merged.id })];
}

function alertOf(found: Omit<ReviewedWeek, "review"> & Pick<Alert, "review">): Alert {
  const { review, unit } = found;
  const id =
    review?.of === undefined ? alertId(unit) : followUpId(review.of.id, review.age, review.verdict);
  return { ...found, id, type: "TOKENMAXXING", survivalDays: 7 };
}

/** Everything that is told about the person's week, night after night. */
function toldOf(outcomes: readonly OutcomeEvent[]): readonly Alert[] {
  const delivery = deliveryHistory({
    outcomes: [...organisation.outcomes, ...outcomes].sort((a, b) => a.timeMs - b.timeMs),
    sessions: organisation.sessionDays,
    settings: { survivalDays: 7, productionEnvironments: ["production"] },
  });
  const input = scoringInput(organisation, { delivery });
  const isMine = ({ unit }: Pick<ReviewedWeek, "unit">) => unit.user === USER;
  let [known]: readonly AlertCase[] = scoreUserWindows(input)
    .alerts.filter(isMine)
    .map((found) => ({ alert: alertOf(found), followUps: [] }));
  const told = known === undefined ? [] : [known.alert];
  for (const night of NIGHTS) {
    const asOfMs = startOfDay(night) + 6 * HOUR_MS;
    const cases = known === undefined ? [] : [known];
    for (const alert of reviewWeeks({ ...input, asOfMs, cases })
      .filter(isMine)
      .map(alertOf)) {
      told.push(alert);
      known =
        known === undefined
          ? { alert, followUps: [] }
          : { ...known, followUps: [...known.followUps, alert] };
    }
  }
  return told;
}

/** A message at a later age, and what was told before it. */
function expectReason({ review, evidence }: Alert, before: readonly Alert[]): void {
  const { verdict, changes, ...earlier } = review ?? expect.unreachable("it is a later look");
  const [first, ...followUps] = before;
  expect(verdict === "opened").toBe(first === undefined);
  expect([...new Set(changes.map(({ kind }) => kind))]).toEqual([
    verdict === "resolved" ? "delivered" : "undone",
  ]);
  if (first !== undefined) {
    const last = lastTold({ alert: first, followUps });
    expect(earlier.before.credit).toBe(last.evidence.delivery.credit);
    const [more, less] = [evidence, last.evidence].map(({ excessNanoUsd }) => excessNanoUsd);
    expect((more ?? 0n) > (less ?? 0n)).toBe(verdict === "raised");
    expect([verdict, last.review?.verdict]).not.toEqual(["resolved", "resolved"]);
  }
}

test("whatever is merged and undone when: one message at an age, each with a reason, and another than the last", () => {
  const verdicts = new Set<string>();

  fc.assert(
    fc.property(fate, (each) => {
      const told = toldOf(outcomesOf(each));

      const ages = told.map(({ review }) => review?.age ?? "first");
      expect(new Set(ages).size).toBe(ages.length);
      for (const [at, alert] of told.entries()) {
        verdicts.add(alert.review?.verdict ?? "first");
        if (alert.review !== undefined) {
          expectReason(alert, told.slice(0, at));
        }
      }
    }),
    { numRuns: 30, seed: 7 },
  );

  // Or else this would have tried nothing.
  expect([...verdicts].sort()).toEqual(["first", "opened", "raised", "resolved"]);
});
