import { compareText } from "../compare-text.ts";
import { byPerson } from "../directory/by-person.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import type { Day, SessionDay } from "../ledger/roll-ups.ts";
import type { NanoUsd } from "../money/nano-usd.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { cohortNames } from "./cohort-names.ts";
import type { SessionDeliveries } from "./session-deliveries.ts";
import { isMostlyUnpriced } from "./window-eligibility.ts";

/** A whole session, over all its days, and what it delivered. */
export type ScoredSession = {
  readonly user: UserPseudonym;
  readonly session: string;
  readonly firstDay: Day;
  /** Team, and use case: of the session where the sender says, else of the person. */
  readonly cohort: string;
  /** Most calls have no price. */
  readonly isUnpriced: boolean;
  readonly costNanoUsd: NanoUsd;
  readonly lastMs: number;
  readonly creditMicroUnits: number;
};

/** Sums session-days into sessions, in order of person and session. */
export function sessionsOf(
  sessionDays: readonly SessionDay[],
  deliveries: SessionDeliveries,
  directory: DirectoryLookup,
): readonly ScoredSession[] {
  const cohortOf = cohortNames();
  const people = [...byPerson(sessionDays, directory)].sort(([a], [b]) => compareText(a, b));
  return people.flatMap(([user, own]) => {
    const delivered = deliveries.get(user);
    return daysBySession(own).map((days): ScoredSession => {
      const [first, ...later] = days;
      const { session, day } = first;
      const place = directory.placeOf(user, day);
      const useCase = onlyOne(days.flatMap(({ useCases }) => useCases)) ?? place.useCase;
      const whole = later.reduce(added, first);
      return {
        user,
        session,
        firstDay: day,
        cohort: cohortOf(place.team, useCase),
        isUnpriced: isMostlyUnpriced(whole),
        costNanoUsd: whole.costNanoUsd,
        lastMs: whole.lastMs,
        creditMicroUnits: delivered?.get(session)?.creditMicroUnits ?? 0,
      };
    });
  });
}

type Days = readonly [SessionDay, ...SessionDay[]];

/** The days of each session of a person, the earliest first. */
function daysBySession(own: readonly SessionDay[]): readonly Days[] {
  const inOrder = own.toSorted(
    (a, b) => compareText(a.session, b.session) || a.firstMs - b.firstMs,
  );
  const sessions: [SessionDay, ...SessionDay[]][] = [];
  for (const day of inOrder) {
    const known = sessions.at(-1);
    if (known?.[0].session === day.session) {
      known.push(day);
    } else {
      sessions.push([day]);
    }
  }
  return sessions;
}

type Sums = Pick<SessionDay, "calls" | "unpricedCalls" | "costNanoUsd" | "lastMs">;

function added(sums: Sums, day: SessionDay): Sums {
  return {
    calls: sums.calls + day.calls,
    unpricedCalls: sums.unpricedCalls + day.unpricedCalls,
    costNanoUsd: sums.costNanoUsd + day.costNanoUsd,
    lastMs: Math.max(sums.lastMs, day.lastMs),
  };
}

function onlyOne(values: readonly string[]): string | undefined {
  const [value] = values;
  return values.every((other) => other === value) ? value : undefined;
}
