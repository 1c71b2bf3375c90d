import { compareText } from "../compare-text.ts";
import { byPerson } from "../directory/by-person.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import type { Day, SessionDay } from "../ledger/roll-ups.ts";
import type { NanoUsd } from "../money/nano-usd.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { cohortNames } from "./cohort-names.ts";
import type { SessionDeliveries, SessionDelivery } from "./session-deliveries.ts";
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
  /** When the first unit was delivered that it earned a part of; absent if it earned nothing. */
  readonly firstDeliveredMs: number | undefined;
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
    const delivered = deliveries(user);
    return daysBySession(own).map((days) => {
      const [{ session, day }] = days;
      const place = directory.placeOf(user, day);
      const useCase = onlyOne(days.flatMap(({ useCases }) => useCases)) ?? place.useCase;
      const cohort = cohortOf(place.team, useCase);
      return new SessionOfDays({ user, cohort, days, delivery: delivered.get(session) });
    });
  });
}

type Parts = {
  readonly user: UserPseudonym;
  readonly cohort: string;
  readonly days: Days;
  readonly delivery: SessionDelivery | undefined;
};

const NO_DAYS: readonly SessionDay[] = [];

/** Holds nothing that its days say: there are a million sessions, nearly all of one day. */
class SessionOfDays implements ScoredSession {
  readonly user: UserPseudonym;
  readonly cohort: string;
  readonly creditMicroUnits: number;
  readonly firstDeliveredMs: number | undefined;
  readonly #first: SessionDay;
  readonly #later: readonly SessionDay[];

  constructor({ user, cohort, days: [first, ...later], delivery }: Parts) {
    this.user = user;
    this.cohort = cohort;
    this.creditMicroUnits = delivery?.creditMicroUnits ?? 0;
    this.firstDeliveredMs = delivery?.firstDeliveredMs;
    this.#first = first;
    this.#later = later.length === 0 ? NO_DAYS : later;
  }

  get session(): string {
    return this.#first.session;
  }

  get firstDay(): Day {
    return this.#first.day;
  }

  get isUnpriced(): boolean {
    return isMostlyUnpriced({
      calls: this.#sum(({ calls }) => calls),
      unpricedCalls: this.#sum(({ unpricedCalls }) => unpricedCalls),
    });
  }

  get costNanoUsd(): NanoUsd {
    return this.#later.reduce((sum, day) => sum + day.costNanoUsd, this.#first.costNanoUsd);
  }

  get lastMs(): number {
    return this.#later.reduce((last, day) => Math.max(last, day.lastMs), this.#first.lastMs);
  }

  #sum(of: (day: SessionDay) => number): number {
    return this.#later.reduce((sum, day) => sum + of(day), of(this.#first));
  }
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

function onlyOne(values: readonly string[]): string | undefined {
  const [value] = values;
  return values.every((other) => other === value) ? value : undefined;
}
