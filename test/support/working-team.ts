import type { Assignment } from "../../shared/directory/directory.ts";
import { addDays, startOfDay } from "../../shared/ledger/calendar.ts";
import { foldUserDay } from "../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../shared/ledger/grain-authority.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import type { UsageEvent } from "../../shared/usage/usage-event.ts";
import { anOutcomeEvent } from "./outcome-event-builder.ts";
import { aUsageEvent } from "./usage-event-builder.ts";

const WORK_DAYS = 5;

type WorkingTeam = {
  readonly people: number;
  readonly weeks: number;
  /** The first day after the last week. */
  readonly until: Day;
  /** USD of a person's day in a week; 0 for a day off. */
  readonly dailyUsd: (person: number, week: number, day: number) => number;
  /** Whether the session of that day ends in a merged change. */
  readonly delivers: (person: number, week: number, day: number) => boolean;
};

/**
 * A team in which each person has one session a work day that ends in a merged change, or not. A
 * call is reported at its price; nothing here is random.
 */
export function workingTeam({ people, weeks, until, dailyUsd, delivers }: WorkingTeam) {
  const assignments: Assignment[] = [];
  const userDays: ReturnType<typeof foldUserDay>[] = [];
  const outcomes: OutcomeEvent[] = [];
  for (let person = 0; person < people; person++) {
    const user = `person-${String(person).padStart(2, "0")}-pseudonym-`;
    assignments.push(assignment(user));
    for (let at = 0; at < weeks * WORK_DAYS; at++) {
      const [week, weekday] = [Math.floor(at / WORK_DAYS), at % WORK_DAYS];
      const day = addDays(until, (week - weeks) * 7 + weekday);
      const session = `${user}-${day}`;
      userDays.push(workDay(user, day, session, dailyUsd(person, week, weekday)));
      if (delivers(person, week, weekday)) {
        outcomes.push(mergedChange(user, day, session));
      }
    }
  }
  return {
    assignments,
    outcomes,
    userDays: userDays.map(({ userDay }) => userDay),
    sessionDays: userDays.flatMap(({ sessionDays }) => sessionDays),
  };
}

function assignment(user: string): Assignment {
  return {
    user,
    team: "team-checkout",
    costCenter: "CC-1001",
    owner: "checkout-owner",
    useCase: "feature-work",
    effectiveFrom: "2026-01-01",
  };
}

function workDay(user: string, day: Day, session: string, usd: number) {
  const call = (n: number): UsageEvent =>
    aUsageEvent({
      id: `${session}-${n}`,
      user,
      session,
      model: "unlisted",
      timeMs: startOfDay(day) + (9 * 60 + n) * 60_000,
      reportedCostNanoUsd: BigInt(Math.round((usd * 1e9) / 10)),
    });
  const calls = usd === 0 ? [] : Array.from({ length: 10 }, (_, n) => call(n));
  return foldUserDay(user, day, calls, {
    priceBook: { version: "none", listCost: () => undefined },
    authority: REQUESTS_FIRST,
  });
}

function mergedChange(user: string, day: Day, session: string): OutcomeEvent {
  return anOutcomeEvent({
    id: `github:acme/web#${session}`,
    user,
    timeMs: startOfDay(day) + 15 * 3_600_000,
    branch: session,
    commits: [],
    sessions: [session],
  });
}
