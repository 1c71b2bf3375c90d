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
      const { session, day } = days.first;
      const place = directory.placeOf(user, day);
      const cohort = cohortOf(place.team, onlyOne(useCasesOf(days)) ?? place.useCase);
      return new SessionOfDays({ ...days, user, cohort, delivery: delivered.get(session) });
    });
  });
}

type Parts = Days & {
  readonly user: UserPseudonym;
  readonly cohort: string;
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

  constructor({ user, cohort, first, later, delivery }: Parts) {
    this.user = user;
    this.cohort = cohort;
    this.creditMicroUnits = delivery?.creditMicroUnits ?? 0;
    this.firstDeliveredMs = delivery?.firstDeliveredMs;
    this.#first = first;
    this.#later = later;
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

/** Most sessions have no later day. */
type Days = { readonly first: SessionDay; later: readonly SessionDay[] };

/** The days of each session of a person, the earliest first. */
function daysBySession(own: readonly SessionDay[]): readonly Readonly<Days>[] {
  const inOrder = own.toSorted(
    (a, b) => compareText(a.session, b.session) || a.firstMs - b.firstMs,
  );
  const sessions: Days[] = [];
  for (const day of inOrder) {
    const known = sessions.at(-1);
    if (known?.first.session === day.session) {
      known.later = [...known.later, day];
    } else {
      sessions.push({ first: day, later: NO_DAYS });
    }
  }
  return sessions;
}

function useCasesOf({ first, later }: Days): readonly string[] {
  return later.length === 0 ? first.useCases : [first, ...later].flatMap((day) => day.useCases);
}

function onlyOne(values: readonly string[]): string | undefined {
  const [value] = values;
  return values.every((other) => other === value) ? value : undefined;
}
