import { compareText } from "../compare-text.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import type { Day, SessionDay } from "../ledger/roll-ups.ts";
import type { NanoUsd } from "../money/nano-usd.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
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
  { personOf, placeOf }: DirectoryLookup,
): readonly ScoredSession[] {
  const shared = sharedText();
  const people = inOrder(Map.groupBy(sessionDays, ({ user }) => personOf(user)));
  return people.flatMap(([user, own]) =>
    inOrder(Map.groupBy(own, (day) => day.session)).map(([session, days]) => {
      const { day } = days.reduce((a, b) => (b.firstMs < a.firstMs ? b : a));
      const place = placeOf(user, day);
      const useCase = onlyOne(days.flatMap(({ useCases }) => useCases)) ?? place.useCase;
      return {
        user,
        session,
        firstDay: day,
        cohort: shared(`${place.team} ${useCase}`),
        isUnpriced: isMostlyUnpriced({
          calls: sum(days.map(({ calls }) => calls)),
          unpricedCalls: sum(days.map(({ unpricedCalls }) => unpricedCalls)),
        }),
        costNanoUsd: days.map((one) => one.costNanoUsd).reduce((a, b) => a + b),
        lastMs: Math.max(...days.map(({ lastMs }) => lastMs)),
        creditMicroUnits: deliveries.get(user)?.get(session)?.creditMicroUnits ?? 0,
      };
    }),
  );
}

function inOrder<Value>(groups: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...groups].sort(([a], [b]) => compareText(a, b));
}

/** Gives texts that are equal as one: a million sessions have few cohorts. */
function sharedText(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const shared = known.get(text) ?? text;
    known.set(shared, shared);
    return shared;
  };
}

function onlyOne(values: readonly string[]): string | undefined {
  const [value, ...others] = new Set(values);
  return others.length === 0 ? value : undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
