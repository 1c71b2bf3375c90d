import { compareText } from "../compare-text.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import type { Day, SessionDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, sumNanoUsd } from "../money/nano-usd.ts";
import type { DeliveryUnit } from "../outcomes/delivery-unit.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** A whole session, over all its days, and what it delivered. */
export type ScoredSession = {
  readonly user: UserPseudonym;
  readonly session: string;
  readonly firstDay: Day;
  readonly team: string;
  /** Of the session where the sender says, else of the person. */
  readonly useCase: string;
  /** Team and use case. */
  readonly cohort: string;
  readonly calls: number;
  readonly unpricedCalls: number;
  readonly costNanoUsd: NanoUsd;
  readonly lastMs: number;
  readonly creditMicroUnits: number;
};

/** Sums session-days into sessions, in order of person and session. */
export function sessionsOf(
  sessionDays: readonly SessionDay[],
  units: readonly DeliveryUnit[],
  { personOf, placeOf }: DirectoryLookup,
): readonly ScoredSession[] {
  const credits = creditBySession(units);
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
        team: place.team,
        useCase,
        cohort: shared(`${place.team} ${useCase}`),
        calls: sum(days.map(({ calls }) => calls)),
        unpricedCalls: sum(days.map(({ unpricedCalls }) => unpricedCalls)),
        costNanoUsd: sumNanoUsd(days.map(({ costNanoUsd }) => costNanoUsd)),
        lastMs: Math.max(...days.map(({ lastMs }) => lastMs)),
        creditMicroUnits: credits.get(user)?.get(session) ?? 0,
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

function creditBySession(
  units: readonly DeliveryUnit[],
): ReadonlyMap<UserPseudonym, ReadonlyMap<string, number>> {
  const credits = new Map<UserPseudonym, Map<string, number>>();
  for (const { user, session, creditMicroUnits } of units.flatMap(({ sessions }) => sessions)) {
    const own = credits.get(user) ?? new Map<string, number>();
    credits.set(user, own.set(session, (own.get(session) ?? 0) + creditMicroUnits));
  }
  return credits;
}

function onlyOne(values: readonly string[]): string | undefined {
  const [value, ...others] = new Set(values);
  return others.length === 0 ? value : undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
